/** A traced function as one function of TensorFlow, and running it. */
import { Build, type PlanParts } from "./build.js";
import { mustCompile } from "./graph.js";
import type { Pointer } from "./libc.js";
import { protect, release, Ward } from "./orphans.js";
import { adviseOn, type Precision } from "./precision.js";
import { asError, makeStatus, type Status } from "./status.js";
import type { Metadata } from "./tensors.js";
import type { Effect, Feed, Known, Trace } from "./trace.js";
import { cellOfResource } from "./variables.js";

/** Runs longer than so many ms do not hold up the event loop. */
const longest = 20;

/** How a plan computes. */
export interface PlanOptions {
  readonly xla: boolean;
  readonly precision: Precision;
  /** One thread runs its operations one after another: quicker where they are small. Not for functions with conditions. */
  readonly sequential: boolean;
  /** Where an operation of the trace was asked for. */
  readonly placeOf: (operation: number) => Error | undefined;
}

const sequentially = Buffer.from("SINGLE_THREADED_EXECUTOR");

let plans = 0;

/** What a plan holds natively. What it runs refers to it in turn, and may be referred to from anywhere. */
class PlanWard extends Ward {
  /** For runs on another thread: the shared status belongs to this one. */
  status: Status | undefined;

  constructor(
    plan: object,
    readonly parts: PlanParts,
    readonly name: string,
    readonly captured: readonly number[],
  ) {
    super(plan);
  }

  override free(): void {
    this.parts.graphs.remove(this.name);
    for (const id of this.captured) this.parts.tensors.release(id);
    this.status?.end();
    this.status = undefined;
  }
}

/** One function of the context. */
export class Plan {
  readonly name: string;
  /** Numbers of the resources that a run changes. */
  readonly written: ReadonlySet<number>;
  readonly #parts: PlanParts;
  readonly #outputs: readonly Known[];
  readonly #feeds: readonly Feed[];
  readonly #captured: readonly number[];
  readonly #ward: PlanWard;
  readonly #effects: readonly Effect[];
  /** Which output says whether the guarded effects are due. */
  readonly #guards: ReadonlyMap<number, number>;
  readonly #placeOf: PlanOptions["placeOf"];
  readonly #xla: boolean;
  readonly #sequential: boolean;
  readonly #handles: Uint32Array;
  readonly #count = new Int32Array(1);
  /** How long the quickest run took, in ms. */
  #quickest = Number.POSITIVE_INFINITY;

  /**
   * Builds the function: `outputs` are numbers of tensors of the trace. Throws RuntimeError when TensorFlow refuses it.
   */
  constructor(parts: PlanParts, trace: Trace, outputs: readonly number[], options: PlanOptions) {
    const { xla, precision, sequential } = options;
    adviseOn(precision, parts.context);
    this.#parts = parts;
    this.#xla = xla;
    this.#sequential = sequential;
    this.name = `nabla_${process.pid}_${plans++}`;
    this.#effects = trace.effects;
    const guards = new Set(trace.effects.map(({ guard }) => guard).filter((guard) => guard !== undefined));
    const results = [...outputs, ...guards];
    this.#guards = new Map([...guards].map((guard, index) => [guard, outputs.length + index]));
    const graph = parts.graphs.begin();
    let build: Build;
    try {
      build = new Build(parts, graph, trace, results, precision);
    } catch (error) {
      graph.drop();
      throw error;
    }
    graph.finish(this.name, build.arguments, build.results, xla);
    this.#feeds = build.feeds;
    this.#captured = build.captured;
    for (const id of build.captured) parts.tensors.want(id);
    this.#ward = new PlanWard(this, parts, this.name, build.captured);
    protect(this.#ward);
    this.written = build.written;
    this.#outputs = build.outputs;
    this.#placeOf = options.placeOf;
    this.#handles = new Uint32Array(2 * Math.max(1, results.length));
  }

  /** Whether its runs are so long that the event loop should go on meanwhile: {@link runLater}. */
  get slow(): boolean {
    return this.#quickest > longest && this.#quickest < Number.POSITIVE_INFINITY;
  }

  /** Runs it with these tensors, in the order of the trace's inputs. Throws RuntimeError, MemoryError. */
  run(inputs: readonly number[]): Metadata[] {
    const { status } = this.#parts.context;
    const { op, fed } = this.#begin(inputs, status);
    try {
      const start = performance.now();
      this.#parts.context.native.tf.TFE_Execute(op, this.#handles, this.#count, status.pointer);
      this.#quickest = Math.min(this.#quickest, performance.now() - start);
    } finally {
      this.#close(op, fed);
    }
    return this.#results(status);
  }

  /** The same on another thread. One run at a time: the next may begin when this one has resolved. */
  async runLater(inputs: readonly number[]): Promise<Metadata[]> {
    const { native } = this.#parts.context;
    this.#ward.status ??= makeStatus(native);
    const { status } = this.#ward;
    const { op, fed } = this.#begin(inputs, status);
    try {
      await native.executeLater(op, this.#handles, this.#count, status.pointer);
    } finally {
      this.#close(op, fed);
    }
    return this.#results(status);
  }

  /** Frees it. */
  end(): void {
    release(this.#ward);
    this.#ward.free();
  }

  /** The call, with all its inputs. */
  #begin(inputs: readonly number[], status: Status): { op: Pointer; fed: readonly number[] } {
    const { context, tensors } = this.#parts;
    const { TFE_NewOp, TFE_OpAddInput, TFE_OpSetAttrBool, TFE_OpSetAttrString, TFE_DeleteOp } = context.native.tf;
    for (const resource of this.written) cellOfResource(resource)?.beforeWrite();
    const fed = this.#feeds.map(({ shape, dtype, produce }) => tensors.create(shape, dtype, produce()));
    const ids = [...inputs, ...fed, ...this.#captured];
    const op = TFE_NewOp(context.pointer, context.native.name(this.name), status.pointer);
    this.#check(status);
    if (this.#xla) TFE_OpSetAttrBool(op, context.native.name(mustCompile), 1);
    if (this.#sequential) {
      TFE_OpSetAttrString(op, context.native.name("executor_type"), sequentially, sequentially.length);
    }
    for (let i = 0; i < ids.length; i++) TFE_OpAddInput(op, tensors.get(ids[i]!).handle, status.pointer);
    this.#count[0] = this.#outputs.length;
    const failure = status.take();
    if (failure === undefined) return { op, fed };
    TFE_DeleteOp(op);
    throw asError(failure, "compile", this.name);
  }

  #close(op: Pointer, fed: readonly number[]): void {
    this.#parts.context.native.tf.TFE_DeleteOp(op);
    for (const id of fed) this.#parts.tensors.delete(id);
  }

  #results(status: Status): Metadata[] {
    const { tensors } = this.#parts;
    this.#check(status);
    const results = this.#outputs.map(({ shape, dtype }, index) => {
      const handle = this.#handles[2 * index]! + this.#handles[2 * index + 1]! * 2 ** 32;
      return tensors.take(handle, shape, dtype);
    });
    this.#takeEffect(results);
    for (const { id } of results.splice(this.#outputs.length - this.#guards.size)) tensors.delete(id);
    return results;
  }

  #check(status: Status): void {
    const failure = status.take();
    if (failure === undefined) return;
    const operation = /\bn(\d+)\b/.exec(failure.message)?.[1];
    const place = operation === undefined ? undefined : this.#placeOf(Number(operation));
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
