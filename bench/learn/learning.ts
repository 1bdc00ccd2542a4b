/** What a run of `npm run bench -- learn` is: a question to a network, with an answer that can be wrong. */

/** How much is trained: "full" gives the figures of RESULTS.md, "quick" lasts seconds, for the tests. */
export type Scale = "quick" | "full";

/** One figure of a run, and what it should be. */
export interface Finding {
  readonly what: string;
  readonly value: number;
  /** At least, or at most, so much at this scale. */
  readonly target: { readonly least: number } | { readonly most: number };
}

/** One run. */
export interface Learning {
  /** In the words of the field: `LSTM and plain RNN on the adding problem`. */
  readonly title: string;
  run(scale: Scale): Promise<readonly Finding[]>;
}

/** Whether a figure is what it should be. */
export function isMet({ value, target }: Finding): boolean {
  return "least" in target ? value >= target.least : value <= target.most;
}

/** `0.987 (at least 0.98)` */
export function told({ value, target }: Finding): string {
  const [word, limit] = "least" in target ? ["at least", target.least] : ["at most", target.most];
  return `${Number(value.toPrecision(4))} (${word} ${limit})`;
}
