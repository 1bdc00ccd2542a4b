import { inspect } from "node:util";
import type { Chosen, Space } from "./search-space.js";

/** A point that was tried, in the last round that it came to. */
export interface Attempt<S extends Space = Space> {
  /** Counts from 1, in the order in which the points were drawn. */
  readonly trial: number;
  readonly params: Chosen<S>;
  readonly budget: number;
  /** Undefined where it failed. */
  readonly score?: number;
  readonly error?: Error;
  /** Milliseconds. */
  readonly elapsed: number;
}

/** What a search has found, the best first; failures come last. It displays itself as a table. */
export class Trials<S extends Space = Space> {
  readonly rows: readonly Attempt<S>[];
  readonly better: "lower" | "higher";
  /** Whether the rows have budgets of their own; those with the largest come first: others' scores are of another kind. */
  readonly budgeted: boolean;

  constructor(rows: readonly Attempt<S>[], better: "lower" | "higher", budgeted: boolean) {
    this.rows = [...rows].sort((one, other) => compare(one, other, better));
    this.better = better;
    this.budgeted = budgeted;
  }

  /** The best row; undefined where none has a score. */
  get best(): Attempt<S> | undefined {
    return this.rows.find(({ score }) => score !== undefined);
  }

  /** Those that have no score. */
  get failed(): readonly Attempt<S>[] {
    return this.rows.filter(({ score }) => score === undefined);
  }

  /** In a line: `20 trials, 1 failed · best 0.0312 with rate 0.00271, width 64`. */
  toString(): string {
    const { rows, failed, best } = this;
    const made = `${rows.length} ${rows.length === 1 ? "trial" : "trials"}${failed.length > 0 ? `, ${failed.length} failed` : ""}`;
    if (best === undefined) return failed.length === 0 ? made : `${made}, the first: ${failed[0]!.error?.message}`;
    const params = Object.entries(best.params).map(([name, value]) => `${name} ${short(value)}`);
    return `${made} · best ${short(best.score)} with ${params.join(", ")}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

function compare(one: Attempt, other: Attempt, better: "lower" | "higher"): number {
  const [a, b] = [one.score, other.score];
  if (a === undefined || b === undefined)
    return Number(a === undefined) - Number(b === undefined) || one.trial - other.trial;
  const difference = better === "lower" ? Number(a > b) - Number(a < b) : Number(a < b) - Number(a > b);
  return other.budget - one.budget || difference || one.trial - other.trial;
}

function short(value: unknown): string {
  return typeof value === "number"
    ? String(Number.isInteger(value) ? value : Number(value.toPrecision(3)))
    : typeof value === "string"
      ? value
      : inspect(value);
}
