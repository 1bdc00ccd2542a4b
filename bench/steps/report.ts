/** The section "Steps" of RESULTS.md. */
import { median, table } from "../results.js";
import type { Case, Measured, PerPeer } from "./measure.js";
import { titleOf } from "./models.js";
import { ours, pyTorch } from "./peers.js";
import type { Sample, Soaked } from "./soak.js";

/** How far below the best peer each train step should stay, and their median; what is allowed of the rest. */
const targets = { step: 0.9, median: 0.7, fit: 1.05, first: 500, difference: 1e-5, memory: 1.2 } as const;

/** Losses of two runs that round differently may differ by so many times what one last digit of the weights comes to. */
const mayDiffer = 5;

/** Tables of all that was measured, then the targets. `peers`: what each one runs, by name. */
export function report(measured: readonly Measured[], peers: PerPeer<string>, load: number): string {
  const names = Object.keys(peers);
  const cases = measured.flatMap((one) => one.cases);
  const fits = (one: Case) => mapped(one.fit, (all) => all.map(({ step }) => step));
  const parts = [
    ...Object.entries(peers).map(([name, what]) => `- **${name}**: ${what}`),
    "",
    `Milliseconds, minimum / median over the windows of all rounds; the ratio is our minimum to the best peer's. Load of the machine at the end: ${load.toFixed(1)}.`,
    "",
    times("train step", names, cases, (one) => one.step),
    "",
    times("forward (inference)", names, cases, (one) => one.forward),
    "",
    times("a step of `fit`, with its display", names, cases, fits),
    "",
    alone(measured),
    "",
    table(["target", "value"], aims(measured)),
  ];
  return parts.join("\n");
}

function times(
  what: string,
  names: readonly string[],
  cases: readonly Case[],
  of: (one: Case) => PerPeer<number[]>,
): string {
  const shown = names.filter((name) => cases.some((one) => of(one)[name] !== undefined));
  const rows = cases.map((one) => {
    const values = of(one);
    const cells = shown.map((name) => (values[name] === undefined ? "–" : pair(values[name])));
    return [title(one), ...cells, ratio(values).toFixed(2)];
  });
  return table([what, ...shown, "ratio"], rows);
}

function title({ model, batch }: Case): string {
  return `${titleOf(model)}, ${batch}`;
}

function pair(values: readonly number[]): string {
  return `${short(Math.min(...values))} / ${short(median(values))}`;
}

/** Three digits. */
function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(value >= 1 ? 3 : 2);
}

/** Our least to the least of all others. */
function ratio(values: PerPeer<number[]>): number {
  const others = Object.entries(values).filter(([name]) => name !== ours);
  return Math.min(...(values[ours] ?? [])) / Math.min(...others.flatMap(([, all]) => all));
}

function mapped<T, U>(values: PerPeer<T>, change: (value: T) => U): PerPeer<U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** What is measured of ours, with PyTorch's memory beside it. */
function alone(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ cases, difference, rounding }) =>
    cases.map((one, index) => [
      title(one),
      short(building(one)),
      fitRatio(one).toFixed(2),
      short(Math.min(...one.fit[ours]!.map(({ around }) => around))),
      `${Math.round(one.memory[ours]!)} / ${Math.round(one.memory[pyTorch] ?? Number.NaN)}`,
      index === cases.length - 1 ? `${difference.toExponential(1)} (${rounding.toExponential(1)})` : "",
    ]),
  );
  const head = [
    "ours",
    "first step but one step, ms",
    "`fit` to bare step",
    "rest of `fit`, ms",
    "peak MB / PyTorch's",
  ];
  return table([...head, "compiled − eager losses, relative (a last digit)"], rows);
}

/** What the first step takes longer than another: tracing and building. */
function building({ first, step }: Case): number {
  return Math.max(0, first[ours]! - Math.min(...step[ours]!));
}

/** A run has its share of what else the machine does, so the bare steps it is held against are those in the middle. */
function fitRatio({ fit, step }: Case): number {
  return Math.min(...fit[ours]!.map((one) => one.step)) / median(step[ours]!);
}

function aims(measured: readonly Measured[]): string[][] {
  const cases = measured.flatMap((one) => one.cases);
  const steps = cases.map((one) => ratio(one.step));
  const memories = cases.map(({ memory }) => memory[ours]! / (memory[pyTorch] ?? Number.NaN));
  return [
    worst("train step to the best peer's, each", cases.map(title), steps, targets.step),
    aim("train step to the best peer's, median", median(steps), targets.median),
    worst("step of `fit` with its display to the bare step, each", cases.map(title), cases.map(fitRatio), targets.fit),
    worst(
      "first step without a step's time (trace and build), ms, each",
      cases.map(title),
      cases.map(building),
      targets.first,
    ),
    worst("peak memory to PyTorch's, each", cases.map(title), memories, targets.memory),
    worst(
      "compiled to eager losses, relative difference, each",
      measured.map(({ model }) => titleOf(model)),
      // What rounding alone comes to in a network no two ways to compute it can stay below.
      measured.map(({ difference, rounding }) =>
        difference > mayDiffer * rounding ? difference : Math.min(difference, targets.difference),
      ),
      targets.difference,
    ),
    ...measured.filter(({ generation }) => generation[pyTorch] !== undefined).map(generated),
  ];
}

function generated({ generation }: Measured): string[] {
  const most = (name: string) => Math.max(...generation[name]!);
  const met = most(ours) >= most(pyTorch);
  const value = `${Math.round(most(ours))} to ${Math.round(most(pyTorch))} tokens a second`;
  return [
    "GPT generation to PyTorch's with a cache of keys and values",
    `${value} (target ≥: ${met ? "met" : "**missed**"})`,
  ];
}

function aim(what: string, value: number, limit: number): string[] {
  return [what, `${digits(value)} (target ≤ ${limit}: ${value <= limit ? "met" : "**missed**"})`];
}

/** The worst value stands for all; those that miss are counted. */
function worst(what: string, names: readonly string[], values: readonly number[], limit: number): string[] {
  const most = Math.max(...values);
  const missed = values.filter((value) => !(value <= limit)).length;
  const verdict = missed === 0 ? "met" : `**missed** by ${missed} of ${values.length}`;
  return [what, `at most ${digits(most)}, ${names[values.indexOf(most)]} (target ≤ ${limit}: ${verdict})`];
}

function digits(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

/** The section about many steps and many runs. */
export function soakReport({ steps, runs }: Soaked): string {
  const rows = (samples: readonly Sample[]) =>
    samples.map(({ at, tensors, rss }) => [at.toLocaleString("en-US"), String(tensors), rss.toFixed(0)]);
  return [
    `One run of the ${titleOf("mlp")}, batch 32: tensors ${flat(steps)}, memory ${growth(steps, "step")}.`,
    "",
    table(["steps", "tensors", "resident MB"], rows(steps)),
    "",
    `New models of the ${titleOf("cnn")}, three steps each: tensors ${flat(runs)}, memory ${growth(runs, "run")}.`,
    "",
    table(["runs", "tensors", "resident MB"], rows(runs)),
  ].join("\n");
}

function flat(samples: readonly Sample[]): string {
  const counts = samples.map(({ tensors }) => tensors);
  return Math.max(...counts) === Math.min(...counts) ? "flat" : `${Math.min(...counts)} to ${Math.max(...counts)}`;
}

/** Between the second sample, when all is warm, and the last. */
function growth(samples: readonly Sample[], unit: string): string {
  const [from, to] = [samples[1]!, samples.at(-1)!];
  const kilobytes = ((to.rss - from.rss) * 1024) / (to.at - from.at);
  return `${kilobytes >= 0 ? "+" : ""}${digits(kilobytes)} KB a ${unit}`;
}
