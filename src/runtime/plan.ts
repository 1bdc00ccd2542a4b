/** A traced function as functions of TensorFlow: one that always runs, and one for each condition that it finds out. */
import type { PlanParts } from "./build.js";
import { placeFor } from "./narrow.js";
import { protect, release, Ward } from "./orphans.js";
import { adviseOn } from "./precision.js";
import { type Given, Procedure, type ProcedureOptions } from "./procedure.js";
import { type Stage, schedule } from "./schedule.js";
import { asError, type Failure } from "./status.js";
import type { Metadata } from "./tensors.js";
import type { Effect, Trace } from "./trace.js";

/** Runs longer than so many ms do not hold up the event loop. */
const longest = 20;

/** How a plan computes. */
export interface PlanOptions extends ProcedureOptions {
  /** Where an operation of the trace was asked for. */
  readonly placeOf: (operation: number) => Error | undefined;
}

/** What a plan holds natively. What it runs refers to it in turn, and may be referred to from anywhere. */
class PlanWard extends Ward {
  readonly procedures: Procedure[] = [];

  override free(): void {
    for (const procedure of this.procedures) procedure.end();
  }
}

/** A traced function, ready to run. */
export class Plan {
  readonly #parts: PlanParts;
  readonly #placeOf: PlanOptions["placeOf"];
  readonly #always: Procedure;
  readonly #under = new Map<number, Procedure>();
  /** Where inputs, and what {@link #always} makes, stand in their lists, by their numbers in the trace. */
  readonly #inputs: ReadonlyMap<number, number>;
  readonly #made: ReadonlyMap<number, number>;
  /** So many of what is made are results; the rest is for the conditional ones. */
  readonly #results: number;
  readonly #effects: readonly Effect[];
  readonly #ward: PlanWard;
  /** How long the quickest run took, in ms. */
  #quickest = Number.POSITIVE_INFINITY;

  /** Builds the functions: `outputs` are numbers of tensors of the trace. Throws RuntimeError when TensorFlow refuses one. */
  constructor(parts: PlanParts, trace: Trace, outputs: readonly number[], { placeOf, ...options }: PlanOptions) {
    adviseOn(options.precision, parts.context);
    this.#parts = parts;
    this.#placeOf = placeOf;
    this.#effects = trace.effects;
    this.#results = outputs.length;
    this.#ward = new PlanWard(this);
    protect(this.#ward);
    const stages = schedule(trace, outputs);
    const { always, under } = stages;
    const place = options.xla ? parts : placeFor(parts, trace, stages);
    this.#inputs = places(trace.inputs);
    this.#made = places(always.results);
    this.#always = this.#procedure(place, trace, always, options);
    // XLA cannot change variables in place.
    for (const [guard, stage] of under) {
      this.#under.set(guard, this.#procedure(place, trace, stage, { ...options, xla: false, sequential: true }));
    }
  }

  /**
   * Whether the event loop should go on during a run: {@link runLater}. So in the first one, in which TensorFlow optimizes the
   * functions, and as long as none was quick.
   */
  get slow(): boolean {
    return this.#quickest > longest;
  }

  /** Runs it with these tensors, in the order of the trace's inputs. Throws RuntimeError, MemoryError. */
  run(inputs: readonly number[]): Metadata[] {
    const start = performance.now();
    const made = this.#always.run(this.#given(inputs, []), this.#failed);
    let held: readonly number[];
    try {
      held = this.#held(made);
      for (const guard of held) this.#under.get(guard)!.run(this.#given(inputs, made), this.#failed);
    } catch (error) {
      this.#drop(made);
      throw error;
    }
    this.#quickest = Math.min(this.#quickest, performance.now() - start);
    return this.#ended(made, held);
  }

  /** The same on another thread. One run at a time: the next may begin when this one has resolved. */
  async runLater(inputs: readonly number[]): Promise<Metadata[]> {
    const start = performance.now();
    const made = await this.#always.runLater(this.#given(inputs, []), this.#failed);
    let held: readonly number[];
    try {
      held = this.#held(made);
      for (const guard of held) await this.#under.get(guard)!.runLater(this.#given(inputs, made), this.#failed);
    } catch (error) {
      this.#drop(made);
      throw error;
    }
    this.#quickest = Math.min(this.#quickest, performance.now() - start);
    return this.#ended(made, held);
  }

  /** Frees it. */
  end(): void {
    release(this.#ward);
    this.#ward.free();
  }

  #procedure(place: PlanParts, trace: Trace, stage: Stage, options: ProcedureOptions): Procedure {
    const procedure = new Procedure(place, trace, stage, options);
    this.#ward.procedures.push(procedure);
    return procedure;
  }

  #given(inputs: readonly number[], made: readonly Metadata[]): Given {
    return (id) => {
      const input = this.#inputs.get(id);
      if (input !== undefined) return inputs[input]!;
      const place = this.#made.get(id);
      return place === undefined ? id : made[place]!.id;
    };
  }

  /** The conditions that hold. */
  #held(made: readonly Metadata[]): number[] {
    const value = (guard: number) => this.#parts.tensors.read(made[this.#made.get(guard)!]!.id)[0];
    return [...this.#under.keys()].filter((guard) => value(guard) === 1);
  }

  /** Takes effect, and gives the results. */
  #ended(made: readonly Metadata[], held: readonly number[]): Metadata[] {
    this.#drop(made.slice(this.#results));
    for (const { run, guard } of this.#effects) if (guard === undefined || held.includes(guard)) run();
    return made.slice(0, this.#results);
  }

  #drop(made: readonly Metadata[]): void {
    for (const { id } of made) this.#parts.tensors.delete(id);
  }

  readonly #failed = (failure: Failure): Error => {
    const operation = /\bn(\d+)\b/.exec(failure.message)?.[1];
    const place = operation === undefined ? undefined : this.#placeOf(Number(operation));
    return asError(failure, place?.message.split(" ")[0] ?? "compile", "a compiled run", place);
  };
}

function places(ids: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  ids.forEach((id, place) => {
    if (!found.has(id)) found.set(id, place);
  });
  return found;
}
