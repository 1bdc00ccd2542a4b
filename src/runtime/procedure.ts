/** A stage of a traced function as one function of TensorFlow, and running it. */
import { Build, type PlanParts, type Source } from "./build.js";
import { mustCompile } from "./graph.js";
import type { Pointer } from "./libc.js";
import type { Precision } from "./precision.js";
import type { Stage } from "./schedule.js";
import { type Failure, makeStatus, type Status } from "./status.js";
import type { Metadata } from "./tensors.js";
import type { Known, Trace } from "./trace.js";
import { cellOfResource } from "./variables.js";

/** How a procedure computes. */
export interface ProcedureOptions {
  /** What it is in messages: `fit`, or the name of the user's function. */
  readonly label: string;
  readonly xla: boolean;
  readonly precision: Precision;
  /** One thread runs its operations one after another: quicker where they are small. So in any case if they are few. */
  readonly sequential: boolean;
}

/** Which tensor an argument is in this run, by its number in the trace. */
export type Given = (id: number) => number;

/** Makes an error of what TensorFlow complained about. */
export type Failed = (failure: Failure) => Error;

/** One try at a run. */
interface Attempt {
  readonly status: Status;
  readonly failed: Failed;
  readonly sequential: boolean;
}

/** A call that is ready to be made. */
interface Call {
  readonly op: Pointer;
  readonly fed: readonly number[];
}

/** To hand so few operations to other threads costs more than it gains. */
const few = 40;

const sequentially = Buffer.from("SINGLE_THREADED_EXECUTOR");

let procedures = 0;

/** One function of the context. It refers to nothing of JavaScript's that could refer to who runs it. */
export class Procedure {
  readonly name = `nabla_${process.pid}_${procedures++}`;
  /** Numbers of the resources that a run changes. */
  readonly written: ReadonlySet<number>;
  readonly #parts: PlanParts;
  readonly #sources: readonly Source[];
  readonly #captured: readonly number[];
  readonly #outputs: readonly Known[];
  readonly #options: ProcedureOptions;
  readonly #handles: Uint32Array;
  readonly #count = new Int32Array(1);
  #hasRun = false;
  /** For runs on another thread: the shared status belongs to this one. */
  #status: Status | undefined;

  /** Builds the function. Throws RuntimeError when TensorFlow refuses it. */
  constructor(parts: PlanParts, trace: Trace, stage: Stage, options: ProcedureOptions) {
    const graph = parts.graphs.begin();
    let build: Build;
    try {
      build = new Build(parts, graph, trace, stage, options.precision);
    } catch (error) {
      graph.drop();
      throw error;
    }
    graph.finish(this.name, build.arguments, build.results, options.xla);
    this.#parts = parts;
    this.#options = { ...options, sequential: options.sequential || (build.size <= few && build.written.size === 0) };
    this.#sources = build.sources;
    this.#captured = build.captured;
    for (const id of build.captured) parts.tensors.want(id);
    this.written = build.written;
    this.#outputs = build.outputs;
    this.#handles = new Uint32Array(2 * Math.max(1, stage.results.length));
  }

  /** Runs it. Throws what `failed` makes of TensorFlow's complaint. */
  run(given: Given, failed: Failed): Metadata[] {
    try {
      return this.#run(given, failed, this.#options.sequential);
    } catch (error) {
      if (!this.#isAnonymous) throw error;
      return this.#run(given, failed, false);
    }
  }

  /** The same on another thread. One run at a time: the next may begin when this one has resolved. */
  async runLater(given: Given, failed: Failed): Promise<Metadata[]> {
    try {
      return await this.#runLater(given, failed, this.#options.sequential);
    } catch (error) {
      if (!this.#isAnonymous) throw error;
      return this.#runLater(given, failed, false);
    }
  }

  /** Where one thread runs all, TensorFlow does not say which operation failed; what changes nothing may be run again. */
  get #isAnonymous(): boolean {
    return this.#options.sequential && this.written.size === 0;
  }

  #run(given: Given, failed: Failed, sequential: boolean): Metadata[] {
    const { status } = this.#parts.context;
    const call = this.#begin(given, { status, failed, sequential });
    const start = performance.now();
    try {
      this.#parts.context.native.tf.TFE_Execute(call.op, this.#handles, this.#count, status.pointer);
    } finally {
      this.#close(call);
    }
    return this.#results(status, failed, start);
  }

  async #runLater(given: Given, failed: Failed, sequential: boolean): Promise<Metadata[]> {
    const { native } = this.#parts.context;
    this.#status ??= makeStatus(native);
    const status = this.#status;
    const call = this.#begin(given, { status, failed, sequential });
    const start = performance.now();
    try {
      await native.executeLater(call.op, this.#handles, this.#count, status.pointer);
    } finally {
      this.#close(call);
    }
    return this.#results(status, failed, start);
  }

  /** Frees it. */
  end(): void {
    this.#parts.graphs.remove(this.name);
    for (const id of this.#captured) this.#parts.tensors.release(id);
    this.#status?.end();
    this.#status = undefined;
  }

  /** The call, with all its inputs. */
  #begin(given: Given, { status, failed, sequential }: Attempt): Call {
    const { context, tensors } = this.#parts;
    const { TFE_NewOp, TFE_OpAddInput, TFE_OpSetAttrBool, TFE_OpSetAttrString, TFE_DeleteOp } = context.native.tf;
    for (const resource of this.written) cellOfResource(resource)?.beforeWrite();
    const fed: number[] = [];
    const op = TFE_NewOp(context.pointer, context.native.name(this.name), status.pointer);
    this.#check(status, failed);
    try {
      if (this.#options.xla) TFE_OpSetAttrBool(op, context.native.name(mustCompile), 1);
      if (sequential) {
        TFE_OpSetAttrString(op, context.native.name("executor_type"), sequentially, sequentially.length);
      }
      for (const source of this.#sources) {
        let id: number;
        if ("id" in source) id = given(source.id);
        else {
          const { shape, dtype, produce } = source.feed;
          id = tensors.create(shape, dtype, produce());
          fed.push(id);
        }
        TFE_OpAddInput(op, tensors.get(id).handle, status.pointer);
      }
      this.#count[0] = this.#outputs.length;
      this.#check(status, failed);
    } catch (error) {
      TFE_DeleteOp(op);
      for (const id of fed) tensors.delete(id);
      throw error;
    }
    return { op, fed };
  }

  /** The first run is the one in which XLA compiles. */
  #ran(start: number): void {
    if (this.#options.xla && !this.#hasRun) {
      console.warn(`XLA compiled ${this.#options.label} in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
    }
    this.#hasRun = true;
  }

  #close({ op, fed }: Call): void {
    this.#parts.context.native.tf.TFE_DeleteOp(op);
    for (const id of fed) this.#parts.tensors.delete(id);
  }

  #results(status: Status, failed: Failed, start: number): Metadata[] {
    this.#check(status, failed);
    this.#ran(start);
    return this.#outputs.map(({ shape, dtype }, index) => {
      const handle = this.#handles[2 * index]! + this.#handles[2 * index + 1]! * 2 ** 32;
      return this.#parts.tensors.take(handle, shape, dtype);
    });
  }

  #check(status: Status, failed: Failed): void {
    const failure = status.take();
    if (failure !== undefined) throw failed(failure);
  }
}
