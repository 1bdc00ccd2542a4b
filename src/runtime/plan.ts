/** A traced function as one function of TensorFlow, and running it. */
import { Build, type PlanParts } from "./build.js";
import { mustCompile } from "./graph.js";
import { asError } from "./status.js";
import type { Metadata } from "./tensors.js";
import type { Effect, Feed, Known, Trace } from "./trace.js";
import { cellOfResource } from "./variables.js";

let plans = 0;

/** One function of the context. */
export class Plan {
  readonly name: string;
  /** Numbers of the resources that a run changes. */
  readonly written: ReadonlySet<number>;
  readonly #parts: PlanParts;
  readonly #outputs: readonly Known[];
  readonly #feeds: readonly Feed[];
  readonly #captured: readonly number[];
  readonly #effects: readonly Effect[];
  /** Which output says whether the guarded effects are due. */
  readonly #guards: ReadonlyMap<number, number>;
  readonly #places: readonly Error[];
  readonly #xla: boolean;
  readonly #handles: Uint32Array;
  readonly #count = new Int32Array(1);

  /**
   * Builds the function: `outputs` are numbers of tensors of the trace. Throws RuntimeError when TensorFlow refuses it.
   */
  constructor(parts: PlanParts, trace: Trace, outputs: readonly number[], xla: boolean) {
    this.#parts = parts;
    this.#xla = xla;
    this.name = `nabla_${process.pid}_${plans++}`;
    this.#effects = trace.effects;
    const guards = new Set(trace.effects.map(({ guard }) => guard).filter((guard) => guard !== undefined));
    const results = [...outputs, ...guards];
    this.#guards = new Map([...guards].map((guard, index) => [guard, outputs.length + index]));
    const graph = parts.graphs.begin();
    let build: Build;
    try {
      build = new Build(parts, graph, trace, results);
    } catch (error) {
      graph.drop();
      throw error;
    }
    graph.finish(this.name, build.arguments, build.results, xla);
    this.#feeds = build.feeds;
    this.#captured = build.captured;
    for (const id of build.captured) parts.tensors.want(id);
    this.written = build.written;
    this.#outputs = build.outputs;
    this.#places = trace.operations.map(({ place }) => place);
    this.#handles = new Uint32Array(2 * Math.max(1, results.length));
  }

  /** Runs it with these tensors, in the order of the trace's inputs. Throws RuntimeError, MemoryError. */
  run(inputs: readonly number[]): Metadata[] {
    const { tensors } = this.#parts;
    for (const resource of this.written) cellOfResource(resource)?.beforeWrite();
    const fed = this.#feeds.map(({ shape, dtype, produce }) => tensors.create(shape, dtype, produce()));
    try {
      const results = this.#execute([...inputs, ...fed, ...this.#captured]);
      this.#takeEffect(results);
      for (const { id } of results.splice(this.#outputs.length - this.#guards.size)) tensors.delete(id);
      return results;
    } finally {
      for (const id of fed) tensors.delete(id);
    }
  }

  /** Frees it. */
  end(): void {
    const { graphs, tensors } = this.#parts;
    graphs.remove(this.name);
    for (const id of this.#captured) tensors.release(id);
  }

  #execute(ids: readonly number[]): Metadata[] {
    const { context, tensors } = this.#parts;
    const { native, status, pointer } = context;
    const { TFE_NewOp, TFE_OpAddInput, TFE_OpSetAttrBool, TFE_Execute, TFE_DeleteOp } = native.tf;
    const op = TFE_NewOp(pointer, native.name(this.name), status.pointer);
    this.#check();
    try {
      if (this.#xla) TFE_OpSetAttrBool(op, native.name(mustCompile), 1);
      for (let i = 0; i < ids.length; i++) TFE_OpAddInput(op, tensors.get(ids[i]!).handle, status.pointer);
      this.#check();
      this.#count[0] = this.#outputs.length;
      TFE_Execute(op, this.#handles, this.#count, status.pointer);
      this.#check();
    } finally {
      TFE_DeleteOp(op);
    }
    return this.#outputs.map(({ shape, dtype }, index) => {
      const handle = this.#handles[2 * index]! + this.#handles[2 * index + 1]! * 2 ** 32;
      return tensors.take(handle, shape, dtype);
    });
  }

  #check(): void {
    const failure = this.#parts.context.status.take();
    if (failure === undefined) return;
    const operation = /\bn(\d+)\b/.exec(failure.message)?.[1];
    const place = operation === undefined ? undefined : this.#places[Number(operation)];
    throw asError(failure, place?.message.split(" ")[0] ?? "compile", "a compiled run", place);
  }

  #takeEffect(results: readonly Metadata[]): void {
    if (this.#effects.length === 0) return;
    const held = new Map<number, boolean>();
    for (const [guard, output] of this.#guards) {
      held.set(guard, this.#parts.tensors.read(results[output]!.id)[0] === 1);
    }
    for (const { run, guard } of this.#effects) if (guard === undefined || held.get(guard)) run();
  }
}
