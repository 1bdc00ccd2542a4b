import { ValueError } from "../../errors.js";
import { show } from "../../tensor/arguments.js";
import type { Random } from "../../tensor/random.js";

/** What a parameter of a search may be. */
export interface Range<T> {
  /** As the user wrote it: `logUniform(0.0001, 0.1)`. */
  readonly label: string;
  /** One of its values, drawn. */
  draw(random: Random): T;
  /** Its values on a grid: all of a choice, else `points` of them from end to end. */
  grid(points: number): readonly T[];
}

/** Parameters by name. */
export type Space = Readonly<Record<string, Range<unknown>>>;

/** One value for each parameter of a space. */
export type Chosen<S extends Space> = { readonly [K in keyof S]: S[K] extends Range<infer T> ? T : never };

/** Evenly between two numbers. Throws ValueError. */
export function uniform(from: number, to: number): Range<number> {
  checkEnds("uniform", from, to);
  return range(`uniform(${from}, ${to})`, (share) => from + share * (to - from));
}

/** Evenly between the logarithms of two numbers above 0: for rates, as often from 1e-4 to 1e-3 as from 1e-3 to 1e-2. Throws ValueError. */
export function logUniform(from: number, to: number): Range<number> {
  checkEnds("logUniform", from, to);
  if (from <= 0) {
    const hint = "Take uniform(…) where 0 is possible.";
    throw new ValueError({ what: "logUniform", expected: "numbers above 0", got: show(from), hint });
  }
  return range(`logUniform(${from}, ${to})`, (share) => from * (to / from) ** share);
}

/** A whole number from `from` to `to`, both included. Throws ValueError. */
export function integer(from: number, to: number): Range<number> {
  checkEnds("integer", from, to);
  for (const end of [from, to]) {
    if (!Number.isSafeInteger(end))
      throw new ValueError({ what: "integer", expected: "whole numbers", got: show(end) });
  }
  const { grid } = range("", (share) => Math.round(from + share * (to - from)));
  return {
    label: `integer(${from}, ${to})`,
    draw: (random) => from + random.integer(to - from + 1),
    grid: (points) => [...new Set(grid(Math.min(points, to - from + 1)))],
  };
}

/** One of these values, each as likely. Throws ValueError for none. */
export function choice<const T>(values: readonly T[]): Range<T> {
  if (!Array.isArray(values) || values.length === 0) {
    const hint = "Write choice([32, 64]).";
    throw new ValueError({ what: "choice", expected: "a list of values", got: show(values), hint });
  }
  const all = [...values] as readonly T[];
  return {
    label: `choice(${show(all)})`,
    draw: (random) => all[random.integer(all.length)]!,
    grid: () => all,
  };
}

function range(label: string, at: (share: number) => number): Range<number> {
  return {
    label,
    draw: (random) => at(random.uniform()),
    grid: (points) => Array.from({ length: points }, (_, index) => at(points === 1 ? 0.5 : index / (points - 1))),
  };
}

function checkEnds(what: string, from: unknown, to: unknown): void {
  const numbers = typeof from === "number" && typeof to === "number" && Number.isFinite(from) && Number.isFinite(to);
  if (numbers && from < to) return;
  throw new ValueError({ what, expected: "two numbers, the smaller first", got: `${show(from)} and ${show(to)}` });
}
