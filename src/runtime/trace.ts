/** What a function does with TensorFlow: its operations, in order. They are not run; TensorFlow infers types and shapes. */
import { ValueError } from "../errors.js";
import type { Attribute } from "./attributes.js";
import { describe } from "./dtypes.js";
import type { Graph } from "./graph.js";
import type { GraphOutput } from "./native.js";
import { makesResource, readsResource, resourceShapes } from "./resources.js";
import { type Constant, type Origin, sameAttributes, sameOrigin } from "./same.js";
import type { Metadata, Tensors, Values } from "./tensors.js";

/** One operation that the function asked for. */
export interface TracedOperation {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly Metadata[];
  /** Where the user asked for it: its stack. Only in traces that take it down. */
  readonly place: Error | undefined;
  /** The number of the condition without which it must not be run. */
  readonly guard: number | undefined;
}

/** Values that JavaScript gives anew in every run. */
export interface Feed {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly produce: () => Values;
}

/** Something that JavaScript does after every run, under a condition or always. */
export interface Effect {
  readonly run: () => void;
  readonly guard: number | undefined;
}

/** Why a function cannot be traced. It is thrown through the function, which is then run operation by operation. */
export class Obstacle extends Error {
  override name = "Obstacle";
  /** `passing`: it may be gone in the next call. */
  constructor(
    readonly reason: string,
    readonly passing = false,
    place?: Error,
  ) {
    super(reason);
    if (place?.stack !== undefined) this.stack = place.stack;
  }
}

/** What is known of a tensor that may not be there. */
export interface Known {
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** Tensors that are only thought of have numbers below -1, which stands for values that are still with JavaScript. */
let imagined = -1;

/** How a trace is made. */
export interface TraceOptions {
  /** Numbers of the tensors that may differ from run to run. */
  readonly inputs: readonly number[];
  /** Reading values is the user's error. */
  readonly strict: boolean;
  /** XLA will compile it. */
  readonly xla: boolean;
  /** Takes down where each operation was asked for: that costs more than all the rest. */
  readonly placed?: boolean;
  /** An earlier trace of the same function: this one stops where it differs, and has its shapes from there. */
  readonly after?: Trace;
}

/** A trace, under way or ended. It holds a graph until it is ended. */
export class Trace {
  readonly operations: TracedOperation[] = [];
  readonly constants = new Map<number, Constant>();
  readonly feeds = new Map<number, Feed>();
  readonly effects: Effect[] = [];
  /** Tensors that were there before and are not inputs; they are kept until the end. */
  readonly outside = new Set<number>();
  /** The data of tensors that were made meanwhile. */
  readonly born = new WeakSet<object>();
  /** How many random tensors each stream has given. */
  readonly draws = new Map<object, number>();
  /** What stands in the way, even where the function caught it. */
  obstacle: Obstacle | undefined;
  /** The condition under which operations stand at present. */
  guard: number | undefined;
  /** So many chains of operations, each as long as the others, do not wait for each other: see {@link apart}. */
  chains = 1;
  /** The first operation that the earlier trace did not have there. */
  differs: number | undefined;
  readonly inputs: readonly number[];
  readonly xla: boolean;
  readonly #options: TraceOptions;
  readonly #made = new Map<number, readonly [operation: number, index: number]>();
  readonly #nodes = new Map<number, GraphOutput>();

  /** `graph` is only for TensorFlow to infer shapes with. */
  constructor(
    readonly tensors: Tensors,
    readonly graph: Graph,
    options: TraceOptions,
  ) {
    this.inputs = options.inputs;
    this.xla = options.xla;
    this.#options = options;
  }

  /** Takes down an operation. Throws RuntimeError when TensorFlow refuses it; Obstacle when a shape depends on values. */
  operation(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Metadata[] {
    // A resource is a variable's: a new one in every run is nothing that a function of TensorFlow could leave behind.
    if (name === makesResource) throw this.stop("it makes a variable", true);
    const at = this.operations.length;
    for (const id of inputs) this.#meet(id);
    const results = this.#again(at, name, attributes, inputs) ?? this.#infer(at, name, attributes, inputs, outputs);
    results.forEach(({ id }, index) => {
      this.#made.set(id, [at, index]);
    });
    const place = this.#options.placed ? deep(() => new Error(`${name} is called here`)) : undefined;
    const kept = results.map(({ id, shape, dtype }) => ({ id, shape: [...shape], dtype }));
    this.operations.push({
      name,
      attributes: [...attributes],
      inputs: [...inputs],
      outputs: kept,
      place,
      guard: this.guard,
    });
    return results;
  }

  /** Values became a tensor. They are copied: their owner may write something else into them. */
  created(id: number, shape: readonly number[], dtype: number, values: Values): void {
    this.constants.set(id, { shape: [...shape], dtype, values: copy(values) });
  }

  /** The tensor `id` holds what `produce` gives anew in every run. */
  fed(id: number, produce: () => Values): void {
    const constant = this.constants.get(id);
    if (constant === undefined) return;
    this.constants.delete(id);
    this.feeds.set(id, { shape: constant.shape, dtype: constant.dtype, produce });
  }

  /** JavaScript looks at the values of a tensor. Throws Obstacle, or ValueError for the user, unless they are constant. */
  read(id: number): void {
    if (this.constants.has(id)) return;
    if (!this.#options.strict) throw this.stop("it reads the values of a tensor (dataSync, data, array, print …)");
    throw new ValueError({
      what: "compile",
      expected: "a function that leaves values on the device",
      got: "one that reads them (dataSync, data, array, print …)",
      hint: "Return the tensor and read it outside, or do without compile.",
    });
  }

  /** The obstacle to be thrown. */
  stop(reason: string, passing = false): Obstacle {
    this.obstacle ??= deep(() => new Obstacle(reason, passing));
    return this.obstacle;
  }

  /** Which operation made a tensor, and which of its results it is; undefined for tensors from elsewhere. */
  maker(id: number): readonly [operation: number, index: number] | undefined {
    return this.#made.get(id);
  }

  /** Shape and type of a tensor that the function knows. */
  known(id: number): Known {
    const made = this.#made.get(id);
    if (made !== undefined) return this.operations[made[0]]!.outputs[made[1]]!;
    return this.constants.get(id) ?? this.feeds.get(id) ?? this.tensors.get(id);
  }

  /** Frees the graph and lets go of the tensors from outside. */
  end(): void {
    this.graph.drop();
    for (const id of this.outside) this.tensors.release(id);
    this.outside.clear();
  }

  /** The earlier trace ended here: this one must, too. */
  finish(): void {
    const { after } = this.#options;
    if (after !== undefined && after.operations.length > this.operations.length) this.differs = this.operations.length;
  }

  /** What the earlier trace knows of the results, if it had the same operation here; stops where it had not. */
  #again(
    at: number,
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
  ): Metadata[] | undefined {
    const { after } = this.#options;
    if (after === undefined) return undefined;
    const before = after.operations[at];
    const same =
      before !== undefined &&
      before.name === name &&
      before.inputs.length === inputs.length &&
      sameAttributes(before.attributes, attributes) &&
      before.inputs.every((id, index) => sameOrigin(after.#origin(id), this.#origin(inputs[index]!)));
    if (same) return before.outputs.map(({ shape, dtype }) => ({ id: --imagined, shape: [...shape], dtype }));
    this.differs ??= at;
    throw this.stop("it differs from an earlier run");
  }

  #infer(
    at: number,
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): Metadata[] {
    const got = () =>
      inputs.map((id) => describe(this.known(id).dtype, this.known(id).shape)).join(", ") || "no inputs";
    const nodes = inputs.map((id) => this.#node(id));
    const oper = this.graph.operation(name, `n${at}`, attributes, nodes, [], got);
    return Array.from({ length: outputs }, (_, index) => this.#result({ oper, index }, name, inputs));
  }

  /** Keeps a tensor that was there before and is no input. */
  #meet(id: number): void {
    if (this.#made.has(id) || this.outside.has(id)) return;
    if (this.constants.has(id) || this.feeds.has(id) || this.inputs.includes(id)) return;
    this.tensors.want(id);
    this.outside.add(id);
  }

  #node(id: number): GraphOutput {
    let node = this.#nodes.get(id);
    if (node === undefined) {
      const { dtype, shape } = this.known(id);
      const name = `t${this.#nodes.size}`;
      node = this.constants.has(id) ? this.graph.constantOf(name, id, dtype) : this.graph.argument(name, dtype, shape);
      this.#nodes.set(id, node);
    }
    return node;
  }

  #result(output: GraphOutput, operation: string, inputs: readonly number[]): Metadata {
    const variable = operation === readsResource ? resourceShapes.get(inputs[0]!) : undefined;
    if (variable !== undefined) this.graph.setShape(output, variable);
    const { dtype, shape } = this.graph.known(output);
    if (shape === null || shape.includes(-1)) throw this.stop(`the shape of ${operation}'s result depends on values`);
    const id = --imagined;
    this.#nodes.set(id, output);
    return { id, shape, dtype };
  }

  #origin(id: number): Origin {
    const made = this.#made.get(id);
    if (made !== undefined) return { kind: "result", operation: made[0], index: made[1] };
    const constant = this.constants.get(id);
    if (constant !== undefined) return { kind: "constant", constant };
    if (this.feeds.has(id)) return { kind: "feed", feed: [...this.feeds.keys()].indexOf(id) };
    const input = this.inputs.indexOf(id);
    return input < 0 ? { kind: "outside", id } : { kind: "input", input };
  }
}

/** Whether a number is that of a tensor that is only thought of. */
export function isImagined(id: number): boolean {
  return id < -1;
}

/** Makes an error with a stack that reaches through all of tfjs down to the user. */
export function deep<E extends Error>(make: () => E): E {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function copy(values: Values): Values {
  return ArrayBuffer.isView(values) ? (values as unknown as Float32Array).slice() : Array.from(values as number[]);
}
