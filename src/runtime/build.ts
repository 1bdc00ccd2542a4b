/** The graph of a traced function. */
import { typeAttribute } from "./attributes.js";
import type { Context } from "./context.js";
import { sizeOf, TF, widthOf } from "./dtypes.js";
import type { Graph, GraphMaker } from "./graph.js";
import type { Pointer } from "./libc.js";
import type { GraphOutput } from "./native.js";
import { type Precision, reduced, reducedType } from "./precision.js";
import { type Rewritten, sameAs, simplify } from "./rewrite.js";
import { type Constant, sameConstant } from "./same.js";
import { isResource, type Stage, writesOf } from "./schedule.js";
import type { Tensors } from "./tensors.js";
import type { Feed, Known, Trace } from "./trace.js";

/** Tensors from outside up to this many bytes become constants, which TensorFlow folds; bigger ones stay where they are. */
const largestConstant = 2 ** 20;

/** What a plan is made with. */
export interface PlanParts {
  readonly context: Context;
  readonly tensors: Tensors;
  readonly graphs: GraphMaker;
}

/** Where an argument of a function comes from: its number in the trace, or values that JavaScript gives. */
export type Source = { readonly id: number } | { readonly feed: Feed };

/** The graph of a stage of a trace, made operation by operation. */
export class Build {
  readonly arguments: GraphOutput[] = [];
  readonly results: GraphOutput[] = [];
  readonly outputs: readonly Known[];
  /** In the order of the arguments. */
  readonly sources: Source[] = [];
  /** Which tensors from outside are among them. */
  readonly captured: number[] = [];
  readonly written = new Set<number>();
  /** How many operations compute something. */
  size = 0;
  readonly #parts: PlanParts;
  readonly #graph: Graph;
  readonly #trace: Trace;
  readonly #nodes = new Map<number, GraphOutput>();
  readonly #constants: { constant: Constant; node: GraphOutput }[] = [];
  /** What touched each resource last: its writer, and the readers since. */
  readonly #touched = new Map<number, { writer: Pointer | undefined; readers: Pointer[] }>();
  /** The numbers whose node was cast to fewer bits already. */
  readonly #reduced = new Map<number, GraphOutput>();
  readonly #precision: Precision;
  #barrier: Pointer | undefined;
  #sinks = new Map<number, Pointer>();
  #extra = 0;

  constructor(parts: PlanParts, graph: Graph, trace: Trace, { operations, results }: Stage, precision: Precision) {
    this.#precision = precision;
    this.#parts = parts;
    this.#graph = graph;
    this.#trace = trace;
    const writers = new Set(operations.filter((at) => writesOf(trace, trace.operations[at]!).length > 0));
    const late = this.#dependents(operations, writers);
    // All that does not depend on a change comes before the first change: so that an error leaves everything as it was, and so
    // that no reader still holds the old value, which TensorFlow would have to copy.
    for (const at of operations) if (!late.has(at)) this.#add(at, false);
    for (const at of operations) if (late.has(at)) this.#add(at, writers.has(at));
    this.outputs = results.map((id) => this.#trace.known(id));
    results.forEach((id, index) => {
      const type = typeAttribute("T", this.outputs[index]!.dtype);
      this.results.push({ oper: graph.operation("Identity", this.#name("out"), [type], [this.#node(id)]), index: 0 });
    });
  }

  /** The changes and what comes after them: reads of what was changed, and what is computed from these. */
  #dependents(stage: readonly number[], writers: ReadonlySet<number>): ReadonlySet<number> {
    const { operations } = this.#trace;
    const late = new Set(writers);
    const changed = new Set<number>();
    for (const at of stage) {
      const { inputs } = operations[at]!;
      const depends = inputs.some((id) => changed.has(id) || late.has(this.#trace.maker(id)?.[0] ?? -1));
      if (depends) late.add(at);
      if (writers.has(at)) for (const id of writesOf(this.#trace, operations[at]!)) changed.add(id);
    }
    return late;
  }

  #add(at: number, writes: boolean): void {
    const traced = this.#trace.operations[at]!;
    const same = sameAs(traced, this.#trace);
    if (same !== undefined) {
      this.#nodes.set(traced.outputs[0]!.id, this.#node(same));
      return;
    }
    const after: Pointer[] = [];
    if (writes) after.push(this.#theBarrier());
    for (const id of traced.inputs) {
      if (!isResource(this.#trace, id)) continue;
      const touched = this.#touched.get(id);
      if (touched?.writer !== undefined) after.push(touched.writer);
      if (writes) after.push(...(touched?.readers ?? []));
    }
    this.size++;
    const rewritten = simplify(traced, this.#trace);
    const { name, attributes } = rewritten;
    const inputs = () => rewritten.inputs.map((id) => this.#node(id));
    const type = reducedType(name, this.#precision);
    const oper =
      type !== undefined
        ? this.#reducedOperation(`n${at}`, rewritten, type)
        : this.#graph.operation(name, `n${at}`, attributes, inputs(), after);
    traced.outputs.forEach(({ id }, index) => {
      this.#nodes.set(id, { oper, index });
    });
    for (const id of traced.inputs) {
      const made = this.#trace.maker(id);
      if (made !== undefined) this.#sinks.delete(made[0]);
      if (isResource(this.#trace, id)) this.#touch(id, oper, writes);
    }
    if (this.#barrier === undefined) this.#sinks.set(at, oper);
  }

  /** Casts what goes in to `type` and what comes out back to float32. */
  #reducedOperation(node: string, { name, attributes, inputs }: Rewritten, type: number): Pointer {
    const cast = (input: GraphOutput, from: number, to: number): Pointer =>
      this.#graph.operation(
        "Cast",
        this.#name("cast"),
        [typeAttribute("SrcT", from), typeAttribute("DstT", to)],
        [input],
      );
    const casts = inputs.map((id) => {
      if (this.#trace.known(id).dtype !== TF.FLOAT) return this.#node(id);
      let node = this.#reduced.get(id);
      if (node === undefined) {
        node = { oper: cast(this.#node(id), TF.FLOAT, type), index: 0 };
        this.#reduced.set(id, node);
      }
      return node;
    });
    const oper = this.#graph.operation(name, node, reduced(attributes, type), casts);
    return cast({ oper, index: 0 }, type, TF.FLOAT);
  }

  #touch(id: number, oper: Pointer, writes: boolean): void {
    if (writes) {
      this.#touched.set(id, { writer: oper, readers: [] });
      this.written.add(id);
      return;
    }
    const touched = this.#touched.get(id) ?? { writer: undefined, readers: [] };
    touched.readers.push(oper);
    this.#touched.set(id, touched);
  }

  #theBarrier(): Pointer {
    this.#barrier ??= this.#graph.operation("NoOp", this.#name("barrier"), [], [], [...this.#sinks.values()]);
    return this.#barrier;
  }

  #node(id: number): GraphOutput {
    let node = this.#nodes.get(id);
    if (node === undefined) {
      node = this.#fromOutside(id);
      this.#nodes.set(id, node);
    }
    return node;
  }

  #fromOutside(id: number): GraphOutput {
    const trace = this.#trace;
    const constant = trace.constants.get(id);
    if (constant !== undefined) return this.#constant(constant);
    const feed = trace.feeds.get(id);
    if (feed !== undefined) return this.#argument("feed", { feed }, feed);
    if (trace.maker(id) === undefined && !trace.inputs.includes(id)) return this.#capture(id);
    return this.#argument("input", { id }, trace.known(id));
  }

  #constant(constant: Constant): GraphOutput {
    const known = this.#constants.find((other) => sameConstant(other.constant, constant));
    if (known !== undefined) return known.node;
    const node = this.#graph.constant(this.#name("constant"), constant.shape, constant.dtype, constant.values);
    this.#constants.push({ constant, node });
    return node;
  }

  #capture(id: number): GraphOutput {
    const held = this.#parts.tensors.get(id);
    const bytes = sizeOf(held.shape) * widthOf(held.dtype);
    if (held.dtype !== TF.RESOURCE && held.dtype !== TF.VARIANT && bytes <= largestConstant) {
      return this.#graph.constantOf(this.#name("captured"), id, held.dtype);
    }
    this.captured.push(id);
    return this.#argument("captured", { id }, held);
  }

  #argument(kind: string, source: Source, { dtype, shape }: Known): GraphOutput {
    const node = this.#graph.argument(this.#name(kind), dtype, dtype === TF.RESOURCE ? [] : shape);
    this.arguments.push(node);
    this.sources.push(source);
    return node;
  }

  #name(kind: string): string {
    return `${kind}_${this.#extra++}`;
  }
}
