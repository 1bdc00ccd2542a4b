/** What Nabla uses of tfjs's engine beyond its public types (tfjs-core, engine.ts). */
import {
  type DataId,
  type DataType,
  engine,
  type KernelBackend,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";

interface Scope {
  readonly id: number;
  readonly name: string;
  readonly track: readonly (Tensor & { readonly kept: boolean })[];
}

interface TapeNode {
  readonly saved: readonly (Tensor | undefined)[];
}

/** What the engine counts for each tensor with some data. */
export interface Counted {
  readonly dtype: DataType;
  readonly bytes: number;
}

/** The engine's bookkeeping. */
export interface EngineState {
  registeredVariables: Record<string, Variable>;
  readonly tensorInfo: WeakMap<DataId, Counted>;
  numTensors: number;
  numStringTensors: number;
  numDataBuffers: number;
  numBytes: number;
  activeTape: TapeNode[] | null | undefined;
  gradientDepth: number;
  kernelDepth: number;
  activeScope: Scope | null | undefined;
  scopeStack: Scope[];
  numDataMovesStack: number[];
  profiling: boolean;
}

/** The engine, one in a process: every copy of tfjs-core shares it. */
export interface Engine {
  readonly state: EngineState;
  readonly backend: KernelBackend;
  endScope(result?: unknown): void;
  trackTensor(tensor: Tensor, backend?: KernelBackend): void;
  moveData(backend: KernelBackend, dataId: DataId): void;
  makeVariable(initial: Tensor, trainable?: boolean, name?: string, dtype?: DataType): Variable;
  disposeTensor(tensor: Tensor): void;
  incRef(tensor: Tensor, backend: KernelBackend): void;
}

/** The engine that tfjs computes with. */
export function theEngine(): Engine {
  return engine() as unknown as Engine;
}
