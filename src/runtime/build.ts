/** The graph of a traced function. */
import { type Attribute, typeAttribute } from "./attributes.js";
import type { Context } from "./context.js";
import { sizeOf, TF, widthOf } from "./dtypes.js";
import type { Graph, GraphMaker } from "./graph.js";
import type { Pointer } from "./libc.js";
import type { GraphOutput } from "./native.js";
import { isReduced, type Precision, reduced } from "./precision.js";
import { onlyReads } from "./resources.js";
import { sameAs, simplify } from "./rewrite.js";
import { type Constant, sameConstant } from "./same.js";
import type { Tensors } from "./tensors.js";
import type { Feed, Known, Trace, TracedOperation } from "./trace.js";

/** Tensors from outside up to this many bytes become constants, which TensorFlow folds; bigger ones stay where they are. */
const largestConstant = 2 ** 20;

/** What a plan is made with. */
export interface PlanParts {
  readonly context: Context;
  readonly tensors: Tensors;
  readonly graphs: GraphMaker;
}

/** The graph of a trace, made operation by operation. */
export class Build {
  readonly arguments: GraphOutput[] = [];
  readonly results: GraphOutput[] = [];
  readonly outputs: readonly Known[];
  readonly feeds: Feed[];
  readonly captured: number[] = [];
  readonly written = new Set<number>();
  readonly #parts: PlanParts;
  readonly #graph: Graph;
  readonly #trace: Trace;
  readonly #nodes = new Map<number, GraphOutput>();
  readonly #constants: { constant: Constant; node: GraphOutput }[] = [];
  readonly #switches = new Map<string, GraphOutput>();
  /** What touched each resource last: its writer, and the readers since. */
  readonly #touched = new Map<number, { writer: Pointer | undefined; readers: Pointer[] }>();
  /** The numbers whose node was cast to bfloat16 already. */
  readonly #reduced = new Map<number, GraphOutput>();
  readonly #precision: Precision;
  #barrier: Pointer | undefined;
  #sinks = new Map<number, Pointer>();
  #extra = 0;

  constructor(parts: PlanParts, graph: Graph, trace: Trace, results: readonly number[], precision: Precision) {
    this.#precision = precision;
    this.#parts = parts;
    this.#graph = graph;
    this.#trace = trace;
    for (const [index, id] of trace.inputs.entries()) this.#argument(`input${index}`, id, parts.tensors.get(id));
    this.feeds = [...trace.feeds.values()];
    for (const [index, [id, feed]] of [...trace.feeds].entries()) this.#argument(`feed${index}`, id, feed);
    const live = this.#live(results);
    const writers = new Set(live.filter((at) => this.#writes(trace.operations[at]!).length > 0));
    const late = this.#dependents(live, writers);
    // All that does not depend on a change comes before the first change: so that an error leaves everything as it was, and so
    // that no reader still holds the old value, which TensorFlow would have to copy.
    for (const at of live) if (!late.has(at)) this.#add(at, false);
    for (const at of live) if (late.has(at)) this.#add(at, writers.has(at));
    this.outputs = results.map((id) => this.#trace.known(id));
    results.forEach((id, index) => {
      const type = typeAttribute("T", this.outputs[index]!.dtype);
      this.results.push({ oper: graph.operation("Identity", this.#name("out"), [type], [this.#node(id)]), index: 0 });
    });
  }

  /** The operations that the results need, and those that change something. In order. */
  #live(results: readonly number[]): number[] {
    const { operations } = this.#trace;
    const live = new Set<number>();
    const visit = (ids: readonly number[]): void => {
      const stack = [...ids];
      for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
        const made = this.#trace.maker(id);
        if (made === undefined || live.has(made[0])) continue;
        live.add(made[0]);
        stack.push(...operations[made[0]]!.inputs);
      }
    };
    visit(results);
    operations.forEach((operation, at) => {
      if (this.#writes(operation).length === 0 && operation.outputs.length > 0) return;
      live.add(at);
      visit(operation.inputs);
      if (operation.guard !== undefined) visit([operation.guard]);
    });
    return [...live].sort((a, b) => a - b);
  }

  /** The resources that an operation changes. */
  #writes({ name, inputs }: TracedOperation): readonly number[] {
    return onlyReads(name) ? [] : inputs.filter((id) => this.#isResource(id));
  }

  #isResource(id: number): boolean {
    return this.#trace.outside.has(id) && this.#parts.tensors.get(id).dtype === TF.RESOURCE;
  }

  /** The changes and what comes after them: reads of what was changed, and what is computed from these. */
  #dependents(live: readonly number[], writers: ReadonlySet<number>): ReadonlySet<number> {
    const { operations } = this.#trace;
    const late = new Set(writers);
    const changed = new Set<number>();
    for (const at of live) {
      const { inputs } = operations[at]!;
      const depends = inputs.some((id) => changed.has(id) || late.has(this.#trace.maker(id)?.[0] ?? -1));
      if (depends) late.add(at);
      if (writers.has(at)) for (const id of this.#writes(operations[at]!)) changed.add(id);
    }
    return late;
  }

  #add(at: number, writes: boolean): void {
    const traced = this.#trace.operations[at]!;
    const knownOf = (id: number) => this.#trace.known(id);
    const same = sameAs(traced, knownOf);
    if (same !== undefined) {
      this.#nodes.set(traced.outputs[0]!.id, this.#node(same));
      return;
    }
    const after: Pointer[] = [];
    if (writes) after.push(this.#theBarrier());
    for (const id of traced.inputs) {
      if (!this.#isResource(id)) continue;
      const touched = this.#touched.get(id);
      if (touched?.writer !== undefined) after.push(touched.writer);
      if (writes) after.push(...(touched?.readers ?? []));
    }
    const inputs = traced.inputs.map((id) => this.#node(id));
    if (writes && traced.guard !== undefined) this.#guard(traced, inputs);
    const { name, attributes } = simplify(traced, knownOf);
    const oper = isReduced(name, this.#precision)
      ? this.#reducedOperation(name, `n${at}`, attributes, traced)
      : this.#graph.operation(name, `n${at}`, attributes, inputs, after);
    traced.outputs.forEach(({ id }, index) => {
      this.#nodes.set(id, { oper, index });
    });
    for (const id of traced.inputs) {
      const made = this.#trace.maker(id);
      if (made !== undefined) this.#sinks.delete(made[0]);
      if (this.#isResource(id)) this.#touch(id, oper, writes);
    }
    if (this.#barrier === undefined) this.#sinks.set(at, oper);
  }

  /** Casts what goes in to bfloat16 and what comes out back to float32. */
  #reducedOperation(
    name: string,
    node: string,
    attributes: readonly Attribute[],
    { inputs }: TracedOperation,
  ): Pointer {
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
        node = { oper: cast(this.#node(id), TF.FLOAT, TF.BFLOAT16), index: 0 };
        this.#reduced.set(id, node);
      }
      return node;
    });
    const oper = this.#graph.operation(name, node, reduced(attributes), casts);
    return cast({ oper, index: 0 }, TF.BFLOAT16, TF.FLOAT);
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

  /** Makes an operation run only if its condition holds: one of its inputs, the smallest, comes through a Switch. */
  #guard(traced: TracedOperation, inputs: GraphOutput[]): void {
    const sizes = traced.inputs.map((id) =>
      this.#isResource(id) ? Number.POSITIVE_INFINITY : sizeOf(this.#trace.known(id).shape),
    );
    const place = sizes.indexOf(Math.min(...sizes));
    const id = traced.inputs[place]!;
    const key = `${id} ${traced.guard}`;
    let passed = this.#switches.get(key);
    if (passed === undefined) {
      const type = typeAttribute("T", this.#trace.known(id).dtype);
      const parts = [inputs[place]!, this.#node(traced.guard!)];
      passed = { oper: this.#graph.operation("Switch", this.#name("switch"), [type], parts), index: 1 };
      this.#switches.set(key, passed);
    }
    inputs[place] = passed;
  }

  #node(id: number): GraphOutput {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const constant = this.#trace.constants.get(id);
    const node = constant === undefined ? this.#capture(id) : this.#constant(constant);
    this.#nodes.set(id, node);
    return node;
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
    return this.#argument(this.#name("captured"), id, held);
  }

  #argument(name: string, id: number, { dtype, shape }: Known): GraphOutput {
    const node = this.#graph.argument(name, dtype, dtype === TF.RESOURCE ? [] : shape);
    this.arguments.push(node);
    this.#nodes.set(id, node);
    return node;
  }

  #name(kind: string): string {
    return `${kind}_${this.#extra++}`;
  }
}
