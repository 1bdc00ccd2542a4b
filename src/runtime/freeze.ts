/** A function of a tensor as a graph of TensorFlow's that stands alone: variables become constants. */
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { RuntimeError, ValueError } from "../errors.js";
import { Attr, typeAttribute } from "./attributes.js";
import { loadedTensorFlow } from "./backend.js";
import { TF } from "./dtypes.js";
import { theEngine } from "./engine.js";
import type { Graph } from "./graph.js";
import type { GraphOutput } from "./native.js";
import type { NodeBackend } from "./node-backend.js";
import { readsResource } from "./resources.js";
import { simplify } from "./rewrite.js";
import { type Constant, sameAttributes, sameConstant } from "./same.js";
import { schedule } from "./schedule.js";
import { Trace } from "./trace.js";
import { during } from "./tracing.js";
import { cellOfResource, forgetReads, setApart } from "./variables.js";

/** One end of a frozen graph. */
export interface Endpoint {
  /** In the graph: `x:0`. */
  readonly name: string;
  /** A TF_DataType. */
  readonly dtype: number;
  /** -1 where it is the number of examples. */
  readonly shape: readonly number[];
}

/** A graph with its ends. */
export interface Frozen {
  /** A serialized GraphDef. */
  readonly graph: Uint8Array;
  readonly input: Endpoint;
  readonly output: Endpoint;
}

/** Two numbers of examples, by which what depends on their number is found: few models have sizes that are multiples of them. */
const [few, more] = [11, 13] as const;

/**
 * The graph of `work`, a function of a batch: `example` makes a batch of so many examples. It takes batches of any size: what depends
 * on the size is found by tracing it with two. Throws ValueError where it is not the same function for all sizes, RuntimeError where
 * TensorFlow does not compute.
 */
export function freeze(what: string, work: (batch: Tensor) => Tensor, example: (size: number) => Tensor): Frozen {
  const backend = theEngine().backend as NodeBackend;
  const tensorflow = loadedTensorFlow();
  if (tensorflow === undefined) {
    const hint = "Run `npx nabla setup`.";
    throw new RuntimeError({ what, expected: "TensorFlow's native backend", got: "another one", hint });
  }
  const traces: Trace[] = [];
  const examples: Tensor[] = [];
  const trace = (size: number) => {
    const batch = example(size);
    examples.push(batch);
    const inputs = backend.getInputTensorIds([batch]);
    const made = new Trace(tensorflow.tensors, tensorflow.graphs.begin(), { inputs, strict: true, xla: false });
    traces.push(made);
    setApart();
    let output = 0;
    try {
      during(made, () =>
        tidy(() => {
          output = backend.getInputTensorIds([work(batch)])[0]!;
        }),
      );
    } finally {
      forgetReads();
    }
    if (made.obstacle !== undefined) throw made.obstacle;
    return { trace: made, output };
  };
  const graph = tensorflow.graphs.begin();
  try {
    return new Freezer(what, graph, trace(few), trace(more)).frozen();
  } finally {
    graph.drop();
    for (const made of traces) made.end();
    for (const batch of examples) batch.dispose();
  }
}

interface Traced {
  readonly trace: Trace;
  readonly output: number;
}

class Freezer {
  readonly #what: string;
  readonly #graph: Graph;
  readonly #few: Traced;
  readonly #more: Traced;
  readonly #nodes = new Map<number, GraphOutput>();
  #size: GraphOutput | undefined;
  #count = 0;

  constructor(what: string, graph: Graph, some: Traced, more: Traced) {
    this.#what = what;
    this.#graph = graph;
    this.#few = some;
    this.#more = more;
  }

  frozen(): Frozen {
    const { trace, output } = this.#few;
    const [input] = trace.inputs as [number];
    const known = trace.known(input);
    const shape = [-1, ...known.shape.slice(1)];
    this.#nodes.set(input, this.#graph.argument("x", known.dtype, shape));
    for (const at of schedule(trace, [output]).always.operations) this.#add(at);
    const result = trace.known(output);
    const node = this.#node(output, this.#more.output, "");
    this.#graph.operation("Identity", "y", [typeAttribute("T", result.dtype)], [node]);
    return {
      graph: this.#graph.definitionBytes(),
      input: { name: "x:0", dtype: known.dtype, shape },
      output: { name: "y:0", dtype: result.dtype, shape: [-1, ...result.shape.slice(1)] },
    };
  }

  #add(at: number): void {
    const { trace } = this.#few;
    const traced = trace.operations[at]!;
    const other = this.#more.trace.operations[at];
    if (other?.name !== traced.name || !sameAttributes(traced.attributes, other.attributes)) {
      throw this.#refuse(`${traced.name}, which is not the same for ${few} and ${more}`);
    }
    if (traced.name === readsResource) {
      this.#nodes.set(traced.outputs[0]!.id, this.#variable(traced.inputs[0]!));
      return;
    }
    const { name, attributes, inputs } = simplify(traced, trace);
    const nodes = inputs.map((id, index) => this.#node(id, other.inputs[index]!, name));
    const oper = this.#graph.operation(name, `n${at}`, attributes, nodes);
    traced.outputs.forEach(({ id }, index) => {
      this.#nodes.set(id, { oper, index });
    });
  }

  /** The value that a variable has now. */
  #variable(resource: number): GraphOutput {
    const cell = cellOfResource(resource)!;
    const node = this.#graph.constantOf(this.#name("weight"), cell.id, cell.dtype);
    cell.forget();
    return node;
  }

  #node(id: number, other: number, operation: string): GraphOutput {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const { trace } = this.#few;
    const constant = trace.constants.get(id);
    const node = constant === undefined ? this.#outside(id, other) : this.#constant(constant, other, operation);
    this.#nodes.set(id, node);
    return node;
  }

  #outside(id: number, other: number): GraphOutput {
    const { trace } = this.#few;
    if (trace.feeds.has(id)) throw this.#refuse("random numbers");
    if (id !== other) throw this.#refuse("another tensor for each number of them");
    return this.#graph.constantOf(this.#name("constant"), id, trace.known(id).dtype);
  }

  #constant(constant: Constant, other: number, operation: string): GraphOutput {
    const second = this.#more.trace.constants.get(other);
    if (second !== undefined && sameConstant(constant, second)) {
      return this.#graph.constant(this.#name("constant"), constant.shape, constant.dtype, constant.values);
    }
    const sizes = second && sizesOf(constant, second);
    if (sizes !== undefined) return this.#sizes(sizes, operation, constant.shape.length === 0);
    const first = (constant.values as ArrayLike<number>)[0];
    const isFilled = ({ values }: Constant) =>
      Array.from(values as ArrayLike<unknown>).every((one) => Object.is(one, first));
    const shape = second && perExample(constant.shape, second.shape);
    if (shape === undefined || !isFilled(constant) || !isFilled(second!)) {
      throw this.#refuse(`numbers for ${operation} that depend on how many they are`);
    }
    const value = this.#graph.constant(this.#name("constant"), [], constant.dtype, [first!]);
    const attributes = [typeAttribute("T", constant.dtype), typeAttribute("index_type", TF.INT32)];
    return this.#made("Fill", attributes, [this.#sizes(shape, "Fill", false), value]);
  }

  /** A vector of sizes, or one of them. */
  #sizes(sizes: readonly Size[], operation: string, single: boolean): GraphOutput {
    const counted = sizes.filter(({ each }) => each).length;
    // The one size that Reshape finds out by itself, unless it does for another.
    if (operation === "Reshape" && counted === 1 && !sizes.some(({ size }) => size < 0)) {
      return this.#integers(sizes.map(({ size, each }) => (each ? -1 : size)));
    }
    const parts = sizes.map(({ size, each }) => {
      const node = this.#integers(size);
      return each ? this.#made("Mul", [typeAttribute("T", TF.INT32)], [this.#examples(), node]) : node;
    });
    if (single) return parts[0]!;
    const attributes = [
      typeAttribute("T", TF.INT32),
      { name: "N", type: Attr.INT, value: parts.length },
      { name: "axis", type: Attr.INT, value: 0 },
    ];
    return this.#made("Pack", attributes, parts);
  }

  /** How many examples there are, a scalar. */
  #examples(): GraphOutput {
    if (this.#size !== undefined) return this.#size;
    const x = this.#nodes.get(this.#few.trace.inputs[0]!)!;
    const { dtype } = this.#few.trace.known(this.#few.trace.inputs[0]!);
    const shape = this.#made("Shape", [typeAttribute("T", dtype), typeAttribute("out_type", TF.INT32)], [x]);
    const attributes = [
      typeAttribute("Taxis", TF.INT32),
      typeAttribute("Tparams", TF.INT32),
      typeAttribute("Tindices", TF.INT32),
    ];
    this.#size = this.#made("GatherV2", attributes, [shape, this.#integers(0), this.#integers(0)]);
    return this.#size;
  }

  #integers(values: number | readonly number[]): GraphOutput {
    const list = typeof values === "number" ? [values] : values;
    return this.#graph.constant(this.#name("sizes"), typeof values === "number" ? [] : [list.length], TF.INT32, list);
  }

  #made(operation: string, attributes: Parameters<Graph["operation"]>[2], inputs: readonly GraphOutput[]): GraphOutput {
    return { oper: this.#graph.operation(operation, this.#name(operation), attributes, inputs), index: 0 };
  }

  #name(kind: string): string {
    return `${kind}_${this.#count++}`;
  }

  #refuse(got: string): ValueError {
    return new ValueError({
      what: this.#what,
      expected: "a forward pass that is the same for any number of examples",
      got,
    });
  }
}

/** A size: so many, or so many for each example. */
interface Size {
  readonly size: number;
  readonly each: boolean;
}

function sizesOf(a: Constant, b: Constant): Size[] | undefined {
  if (a.dtype !== TF.INT32 || b.dtype !== TF.INT32 || a.shape.length > 1) return undefined;
  return perExample(Array.from(a.values as ArrayLike<number>), Array.from(b.values as ArrayLike<number>));
}

/** What is equal is a size, what grows with the number of examples is one for each; undefined for anything else. */
function perExample(a: readonly number[], b: readonly number[]): Size[] | undefined {
  if (a.length !== b.length) return undefined;
  const sizes = a.map((size, axis) => ({ size: size === b[axis] ? size : size / few, each: size !== b[axis] }));
  const fits = ({ size, each }: Size, axis: number) => !each || (Number.isInteger(size) && size * more === b[axis]);
  return sizes.every(fits) ? sizes : undefined;
}
