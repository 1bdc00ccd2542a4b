/** Weights that an optimizer treats in another way than the rest. */
import { ValueError } from "../errors.js";
import { checkOptions, numberIn, show } from "../tensor/arguments.js";
import type { Trainable } from "./optimizer.js";

/** Which weights: those whose path fits the expression, begins with these parts (`layers.0`), or is taken by the function. */
export type Match = RegExp | string | ((path: string) => boolean);

/** Weights with options of their own: those of the optimizer, and `learningRateScale`. */
export type Group<O> = { readonly [K in Exclude<keyof O, "groups">]?: O[K] } & {
  readonly match: Match;
  /** Their learning rate is the optimizer's times this; 0 keeps them as they are but for their memory. Default 1. */
  readonly learningRateScale?: number;
};

/** What every optimizer takes. */
export interface Grouped<O> {
  /**
   * Weights with options of their own, e.g. `[{ match: /bias|norm/, weightDecay: 0 }, { match: "layers.0", learningRateScale: 0.1 }]`. Of
   * several groups that match a weight, each says what it says, the later ones over the earlier.
   */
  readonly groups?: readonly Group<O>[];
}

/** Throws ValueError unless it is a list of groups with these options. */
export function checkGroups(name: string, groups: readonly Group<object>[], known: readonly string[]): void {
  if (!Array.isArray(groups)) {
    throw new ValueError({
      what: `${name}: groups`,
      expected: "a list like [{ match: /bias/, … }]",
      got: show(groups),
    });
  }
  groups.forEach((group: Group<object>, index) => {
    const what = `${name}: groups[${index}]`;
    checkOptions(what, group, ["match", "learningRateScale", ...known]);
    const { match, learningRateScale = 1 } = group;
    if (!(match instanceof RegExp || typeof match === "string" || typeof match === "function")) {
      const expected = "a match: an expression, the beginning of a path, or a function of the path";
      throw new ValueError({ what, expected, got: show(match) });
    }
    numberIn(`${what}: learningRateScale`, learningRateScale, 0);
  });
}

/** Throws ValueError where no path is matched by one of the groups: most likely it is mistyped. */
export function checkMatches(name: string, groups: readonly Group<object>[], parameters: readonly Trainable[]): void {
  groups.forEach(({ match }, index) => {
    if (parameters.some(({ path }) => matches(match, path))) return;
    const paths = parameters.map(({ path }) => path);
    throw new ValueError({
      what: `${name}: groups[${index}]`,
      expected: `a match among ${paths.slice(0, 6).join(", ")}${paths.length > 6 ? ", …" : ""}`,
      got: match instanceof RegExp ? String(match) : show(match),
    });
  });
}

/** The numbers of the groups that a weight is in. */
export function groupsOf(groups: readonly Group<object>[], path: string): number[] {
  return groups.flatMap(({ match }, index) => (matches(match, path) ? [index] : []));
}

function matches(match: Match, path: string): boolean {
  if (typeof match === "function") return match(path);
  if (typeof match === "string") return path === match || path.startsWith(`${match}.`);
  // An expression with the flag g or y would begin where it ended the last time.
  return path.search(match) >= 0;
}

/** Options as labels show them: `{ momentum: 0.9, groups: [{ match: /bias/, weightDecay: 0 }] }`. */
export function showOptions(options: object): string {
  return `{ ${Object.entries(options)
    .map(([key, value]) => `${key}: ${showOption(value)}`)
    .join(", ")} }`;
}

function showOption(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showOption).join(", ")}]`;
  if (value instanceof RegExp) return String(value);
  if (typeof value === "function") return value.name || "a function";
  return typeof value === "object" && value !== null ? showOptions(value) : show(value);
}
