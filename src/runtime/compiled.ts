/** Functions of tensors that run as one function of TensorFlow. */
import { dispose, type Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { typeAttribute } from "./attributes.js";
import { loadedTensorFlow, type TensorFlow } from "./backend.js";
import { theEngine } from "./engine.js";
import { runtimeInfo } from "./info.js";
import type { NodeBackend } from "./node-backend.js";
import { Plan } from "./plan.js";
import type { Precision } from "./precision.js";
import type { Metadata } from "./tensors.js";
import { Obstacle, Trace } from "./trace.js";
import { currentTrace, during } from "./tracing.js";
import { userLine } from "./user-line.js";
import { cellOf, forgetReads, setApart } from "./variables.js";

/** Plans that one function keeps, for the signatures that were used last. */
const plansKept = 16;

/** A first run may fill a cache that the second one finds: one difference between two traces is no reason to give up. */
const differencesForgiven = 1;

/** How often an obstacle may be there that is said to pass. */
const patience = 3;

/** How a function is compiled. */
export interface CompiledSettings {
  /** What it is in messages. */
  readonly label: string;
  /** With XLA: faster for large dense networks, slow to compile. */
  readonly xla?: boolean;
  /** Default "float32". */
  readonly precision?: Precision;
  /** Its operations are small and depend on each other: one thread runs them. */
  readonly sequential?: boolean;
  /** Reading values is the user's error. */
  readonly strict?: boolean;
  /** A signature gets a plan in its second call only; the first runs operation by operation. */
  readonly lazy?: boolean;
  /** Called once when the function cannot be compiled; from then on it runs operation by operation. */
  readonly onObstacle: (obstacle: Obstacle) => void;
}

interface Known {
  calls: number;
  plan?: Plan | undefined;
}

/**
 * A function of tensors, traced in its first call and run as one function of TensorFlow from then on: once for each signature
 * (element types and shapes of its inputs). It is traced twice: two traces that differ show that it does not do the same every
 * time. Variables are read and changed as in a normal run.
 */
export class Compiled {
  readonly #work: (inputs: readonly Tensor[]) => Tensor[];
  readonly #settings: CompiledSettings;
  readonly #known = new Map<string, Known>();
  #obstacles = 0;
  #eager = false;
  /** Whether two traces, of any signature, were found equal. */
  #steady = false;

  constructor(work: (inputs: readonly Tensor[]) => Tensor[], settings: CompiledSettings) {
    this.#work = work;
    this.#settings = settings;
  }

  /** Runs it. Throws what the function throws; RuntimeError and MemoryError, with the place in the function as cause. */
  run(inputs: readonly Tensor[]): Tensor[] {
    return this.#prepare(inputs, (plan, ids) => plan.run(ids));
  }

  /** The same; where it takes long, on another thread, so that the event loop goes on: `long` says that it does. One run at a time. */
  start(inputs: readonly Tensor[], long = false): Tensor[] | Promise<Tensor[]> {
    const running = { later: undefined as Promise<Metadata[]> | undefined };
    const results = this.#prepare(inputs, (plan, ids) => {
      if (!long && !plan.slow) return plan.run(ids);
      running.later = plan.runLater(ids);
      return [];
    });
    return running.later?.then((made) => made.map(asTensor)) ?? results;
  }

  /** Frees all plans. */
  end(): void {
    for (const { plan } of this.#known.values()) plan?.end();
    this.#known.clear();
  }

  #prepare(inputs: readonly Tensor[], run: (plan: Plan, ids: readonly number[]) => Metadata[]): Tensor[] {
    // The backend must be there before anybody asks whether it is TensorFlow.
    const backend = theEngine().backend as NodeBackend;
    const tensorflow = loadedTensorFlow();
    if (this.#eager || tensorflow === undefined || currentTrace() !== undefined || isSwitchedOff()) {
      return this.#work(inputs);
    }
    // What a variable holds now is an input; the variable itself would be read by the function.
    const values = inputs.map((input) => (cellOf(input) === undefined ? input : presentValue(backend, input)));
    try {
      const ids = backend.getInputTensorIds(values);
      const known = this.#recall(signatureOf(values, ids));
      if (known.plan === undefined && this.#settings.lazy && known.calls === 1) return this.#work(values);
      known.plan ??= this.#compile(tensorflow, backend, values, ids);
      return known.plan === undefined ? this.#work(values) : run(known.plan, ids).map(asTensor);
    } finally {
      values.forEach((value, index) => {
        if (value !== inputs[index]) value.dispose();
      });
    }
  }

  /** Undefined where it cannot be done. */
  #compile(
    tensorflow: TensorFlow,
    backend: NodeBackend,
    inputs: readonly Tensor[],
    ids: readonly number[],
  ): Plan | undefined {
    const traces: Trace[] = [];
    const { strict = false, xla = false } = this.#settings;
    const trace = (after?: Trace) => {
      const options = { inputs: ids, strict, xla, ...(after !== undefined && { after }) };
      const made = new Trace(tensorflow.tensors, tensorflow.graphs.begin(), options);
      traces.push(made);
      return { made, outputs: this.#trace(backend, made, inputs) };
    };
    const placeOf = this.#placer(
      tensorflow,
      backend,
      inputs.map(({ shape, dtype }) => ({ shape, dtype })),
    );
    try {
      let { made, outputs } = trace();
      for (let differences = 0; !this.#steady; differences++) {
        const again = this.#traceAgain(() => trace(made), traces);
        if (typeof again !== "number") {
          ({ made, outputs } = again);
          this.#steady = true;
        } else if (differences === differencesForgiven) {
          const place = placeOf(again);
          throw new Obstacle(differs(place?.message.split(" ")[0] ?? "its end"), false, place);
        } else ({ made, outputs } = trace());
      }
      const { label, precision = "float32", sequential = false } = this.#settings;
      return new Plan(tensorflow, made, outputs, { label, xla, precision, sequential, placeOf });
    } catch (error) {
      if (!(error instanceof Obstacle)) throw error;
      if (error.passing && ++this.#obstacles < patience) return undefined;
      this.#eager = true;
      this.end();
      this.#settings.onObstacle(error);
      return undefined;
    } finally {
      for (const made of traces) made.end();
    }
  }

  /** The trace of another run, or the number of the operation in which it differs from the one before. */
  #traceAgain<T>(trace: () => T, traces: readonly Trace[]): T | number {
    try {
      const again = trace();
      traces.at(-1)!.finish();
      return traces.at(-1)!.differs ?? again;
    } catch (error) {
      const at = traces.at(-1)!.differs;
      if (at === undefined) throw error;
      return at;
    }
  }

  /**
   * What finds out where an operation is asked for (its stack), by tracing once more. A plan keeps it: it must not be made where
   * it would share a closure with the inputs.
   */
  #placer(
    tensorflow: TensorFlow,
    backend: NodeBackend,
    like: readonly Pick<Tensor, "shape" | "dtype">[],
  ): (operation: number) => Error | undefined {
    return (operation) => {
      const inputs = like.map(({ shape, dtype }) => zeros(shape, dtype));
      const options = {
        inputs: backend.getInputTensorIds(inputs),
        strict: false,
        xla: this.#settings.xla === true,
        placed: true,
      };
      const trace = new Trace(tensorflow.tensors, tensorflow.graphs.begin(), options);
      try {
        this.#trace(backend, trace, inputs);
      } catch {
        // What stands in the way this time comes behind the operation, or is the operation.
      } finally {
        trace.end();
        dispose(inputs);
      }
      return trace.operations[operation]?.place;
    };
  }

  /** → the numbers of the results. */
  #trace(backend: NodeBackend, trace: Trace, inputs: readonly Tensor[]): number[] {
    setApart();
    let outputs: number[] = [];
    try {
      during(trace, () =>
        tidy(() => {
          outputs = backend.getInputTensorIds(this.#work(inputs));
        }),
      );
    } catch (error) {
      // What the function makes of the obstacle on its way out is not what stood in the way.
      throw trace.obstacle ?? error;
    } finally {
      forgetReads();
    }
    if (trace.obstacle !== undefined) throw trace.obstacle;
    return outputs;
  }

  /** What is known of a signature; the one that was not used for the longest time is forgotten when there are too many. */
  #recall(signature: string): Known {
    const known = this.#known.get(signature) ?? { calls: 0 };
    known.calls++;
    this.#known.delete(signature);
    this.#known.set(signature, known);
    if (this.#known.size > plansKept) {
      const [oldest, { plan }] = this.#known.entries().next().value!;
      plan?.end();
      this.#known.delete(oldest);
    }
    return known;
  }
}

/** `work`, compiled; where that cannot be, one note says why and where, and it runs operation by operation. */
export function compiled(
  what: string,
  work: (inputs: readonly Tensor[]) => Tensor[],
  options: Pick<CompiledSettings, "lazy" | "precision" | "sequential" | "xla"> = {},
): Compiled {
  return new Compiled(work, {
    ...options,
    label: what,
    onObstacle(obstacle) {
      const line = userLine(obstacle);
      const where = line === "" ? "" : `, ${line}`;
      console.warn(
        `${what}: this runs operation by operation, several times slower, because ${obstacle.reason}${where}.`,
      );
    },
  });
}

function asTensor(metadata: Metadata): Tensor {
  return (theEngine().backend as NodeBackend).createOutputTensor(metadata);
}

function presentValue(backend: NodeBackend, variable: Tensor): Tensor {
  const type = typeAttribute("T", backend.getDTypeInteger(variable.dtype));
  const [copy] = backend.binding.executeOp("Identity", [type], backend.getInputTensorIds([variable]), 1);
  return backend.createOutputTensor(copy!);
}

function differs(operation: string): string {
  return `two runs with equal inputs differ at ${operation} (random numbers of JavaScript, or something that changes outside)`;
}

/** Whether functions are compiled at all, and not run operation by operation. */
export function compiles(): boolean {
  return runtimeInfo().tensorflowVersion !== undefined && !isSwitchedOff();
}

function isSwitchedOff(): boolean {
  return process.env.NABLA_COMPILE === "off";
}

/** Element types and shapes, and which inputs are one and the same tensor. */
function signatureOf(inputs: readonly Tensor[], ids: readonly number[]): string {
  return inputs
    .map(({ dtype, shape }, index) => {
      const same = ids.indexOf(ids[index]!);
      return `${dtype}[${shape}]${same < index ? `=${same}` : ""}`;
    })
    .join(";");
}
