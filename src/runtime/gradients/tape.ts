/** What tfjs's engine writes down of every operation while gradients are wanted (tfjs-core, tape.ts). */
import type { Tensor } from "@tensorflow/tfjs-core";

/** The gradients of an operation's inputs, by their names, each computed when asked for. */
type InputGradients = Readonly<Record<string, () => Tensor>>;

/** One operation that was run. */
export interface TapeNode {
  readonly id: number;
  readonly kernelName: string;
  /** An input that was left out is undefined. */
  readonly inputs: Readonly<Record<string, Tensor | undefined>>;
  readonly outputs: readonly Tensor[];
  /** Copies of inputs and outputs, kept for the way back. */
  readonly saved: readonly (Tensor | undefined)[];
  /** Undefined where the operation has no gradient. `dys` has one for each output. */
  readonly gradient?: (dys: readonly Tensor[]) => InputGradients;
  /** Whether the outputs do not change with the inputs, though they were made of them. */
  readonly isConstant?: boolean;
}

/** An operation on the way from one tensor to another, with the inputs that lie on that way. */
export interface Step extends TapeNode {
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** The operations by which `y` depends on any of `xs`, in the order in which they ran. */
export function nodesBetween(tape: readonly TapeNode[], xs: readonly Tensor[], y: Tensor): Step[] {
  const fromX = new Set(xs.map(({ id }) => id));
  const isFromX = (input: Tensor | undefined) => input !== undefined && fromX.has(input.id);
  const below: TapeNode[] = [];
  for (const node of tape) {
    if (!Object.values(node.inputs).some(isFromX)) continue;
    below.push(node);
    for (const { id } of node.outputs) fromX.add(id);
  }
  const toY = new Set([y.id]);
  const between: Step[] = [];
  for (const node of below.reverse()) {
    if (!node.outputs.some(({ id }) => toY.has(id))) continue;
    const inputs = Object.entries(node.inputs).filter(([, input]) => isFromX(input)) as [string, Tensor][];
    for (const [, { id }] of inputs) toY.add(id);
    between.push({ ...node, inputs: Object.fromEntries(inputs) });
  }
  return between.reverse();
}
