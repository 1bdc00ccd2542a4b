import { InterruptedError, ValueError } from "../../errors.js";
import { checkOptions, numberIn, oneOf, positiveInteger, positiveNumber, show } from "../../tensor/arguments.js";
import { Random } from "../../tensor/random.js";
import { Watch } from "../watch.js";
import { type Attempt, Trials } from "./search-result.js";
import { type Chosen, choice, integer, logUniform, type Space, uniform } from "./search-space.js";

/** What {@link search} tries. */
export interface SearchOptions<S extends Space> {
  readonly space: S;
  /**
   * `"random"`: `trials` points of the space. `"grid"`: all combinations of choices and of `points` values of each range. `"halving"`:
   * successive halving (arXiv 1603.06560): `trials` points with a small budget, the best of them with a larger one, and so on.
   * Default "random".
   */
  readonly strategy?: "random" | "grid" | "halving";
  /** How many points are tried, at first. Default 20; for "halving" 27. */
  readonly trials?: number;
  /** Of a range, for "grid". Default 5. */
  readonly points?: number;
  /** For "halving": what the first trials get, in whatever unit the trial takes it (epochs, examples). Default 1. */
  readonly budget?: number;
  /** For "halving": one of so many goes on, with so many times the budget. Default 3. */
  readonly factor?: number;
  /** Which scores are better. Default "lower": the score is a loss. */
  readonly better?: "lower" | "higher";
  /** Draws the points. Default 0. */
  readonly seed?: number;
  /** Ends the search after the trial that is being made, as Stop in a notebook does. */
  readonly signal?: AbortSignal;
}

/** What a trial is told beside its parameters. */
export interface Trial {
  /** Counts from 1; with "halving" a point keeps its number. */
  readonly trial: number;
  /** In all, with what it had in earlier rounds. 1 unless the strategy is "halving". */
  readonly budget: number;
  /** What it had in earlier rounds. */
  readonly spent: number;
  /** Another one for each point, the same for the same `seed` of the search: for `nn.seed`. */
  readonly seed: number;
  /** Keeps what this point needs in its next round, e.g. its model. */
  readonly memory: Map<string, unknown>;
  readonly signal: AbortSignal | undefined;
}

/** {@link search} was stopped. `result` is what it had found. */
export class SearchInterruptedError extends InterruptedError {
  constructor(readonly result: Trials) {
    const hint = "What was found is in the error's `result`, and in `train.search.last`.";
    super({ what: "search", expected: "all trials", got: `a stop after ${result.rows.length}`, hint });
  }
}

const known = ["space", "strategy", "trials", "points", "budget", "factor", "better", "seed", "signal"];

let last: Trials | undefined;

interface Point<S extends Space> {
  readonly trial: number;
  readonly params: Chosen<S>;
  readonly memory: Map<string, unknown>;
}

async function run<S extends Space>(
  options: SearchOptions<S>,
  measure: (params: Chosen<S>, trial: Trial) => number | Promise<number>,
): Promise<Trials<S>> {
  const { strategy, better, seed, factor, ...chosen } = checked(options, measure);
  let points: readonly Point<S>[] =
    strategy === "grid" ? grid(options.space, chosen.points) : drawn(options.space, chosen.trials, seed);
  const done = new Map<number, Attempt<S>>();
  const result = (): Trials<S> => new Trials([...done.values()], better, strategy === "halving");
  const watch = new Watch(options.signal);
  let [budget, spent] = [chosen.budget, 0];
  for (;;) {
    const round: Attempt<S>[] = [];
    for (const { trial, params, memory } of points) {
      const told = {
        trial,
        budget,
        spent,
        seed: new Random(seed, `trial ${trial}`).bits(),
        memory,
        signal: options.signal,
      };
      const made = watch.stopped ? undefined : await attempt(params, told, measure);
      last = result() as never;
      if (made === undefined) throw new SearchInterruptedError(last!);
      round.push(made);
      done.set(trial, made);
      await watch.rest();
    }
    const goOn = strategy === "halving" ? Math.floor(points.length / factor) : 0;
    const best = new Trials(round, better, true).rows.filter(({ score }) => score !== undefined).slice(0, goOn);
    last = result() as never;
    if (best.length === 0) return result();
    points = best.map(({ trial }) => points.find((point) => point.trial === trial)!);
    [budget, spent] = [budget * factor, budget];
  }
}

/** Undefined where it was stopped. */
async function attempt<S extends Space>(
  params: Chosen<S>,
  told: Trial,
  measure: (params: Chosen<S>, trial: Trial) => number | Promise<number>,
): Promise<Attempt<S> | undefined> {
  const begin = performance.now();
  const row = (outcome: Pick<Attempt<S>, "score" | "error">): Attempt<S> => {
    return { trial: told.trial, params, budget: told.budget, ...outcome, elapsed: performance.now() - begin };
  };
  try {
    const score = await measure(params, told);
    if (typeof score === "number" && !Number.isNaN(score)) return row({ score });
    const hint = "Return what is to be made small or large, e.g. the validation loss.";
    throw new ValueError({ what: "search", expected: "a number from the trial", got: show(score), hint });
  } catch (error) {
    if (error instanceof InterruptedError) return undefined;
    return row({ error: error instanceof Error ? error : new Error(String(error)) });
  }
}

function drawn<S extends Space>(space: S, trials: number, seed: number): Point<S>[] {
  return Array.from({ length: trials }, (_, index) => {
    const trial = index + 1;
    // A stream for each name, so that another parameter more changes nothing of the others.
    const values = Object.entries(space).map(
      ([name, range]) => [name, range.draw(new Random(seed, `search ${trial} ${name}`))] as const,
    );
    return { trial, params: Object.fromEntries(values) as Chosen<S>, memory: new Map() };
  });
}

/** All combinations; the last parameter changes fastest. */
function grid<S extends Space>(space: S, points: number): Point<S>[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [name, range] of Object.entries(space)) {
    const values = range.grid(points);
    all = all.flatMap((params) => values.map((value) => ({ ...params, [name]: value })));
  }
  return all.map((params, index) => ({ trial: index + 1, params: params as Chosen<S>, memory: new Map() }));
}

function checked<S extends Space>(options: SearchOptions<S>, measure: unknown) {
  checkOptions("search", options, known);
  const { strategy = "random", better = "lower", seed = 0, points = 5, budget = 1, factor = 3 } = options;
  oneOf("search: strategy", strategy, ["random", "grid", "halving"]);
  const { trials = strategy === "halving" ? 27 : 20 } = options;
  checkSpace(options.space);
  const only = { trials: ["random", "halving"], points: ["grid"], budget: ["halving"], factor: ["halving"] } as const;
  for (const [name, strategies] of Object.entries(only)) {
    if (!(name in options) || (strategies as readonly string[]).includes(strategy)) continue;
    const hint =
      name === "trials"
        ? "A grid has as many trials as it has points: see `points`."
        : `It is for ${show(strategies[0])}.`;
    throw new ValueError({ what: `search: ${name}`, expected: `none for strategy "${strategy}"`, got: "one", hint });
  }
  oneOf("search: better", better, ["lower", "higher"]);
  numberIn("search: seed", seed, 0);
  positiveInteger("search: trials", trials);
  positiveInteger("search: points", points);
  positiveNumber("search: budget", budget);
  numberIn("search: factor", factor, 2);
  if (typeof measure === "function") return { strategy, better, seed, trials, points, budget, factor };
  const hint = "Write train.search({ … }, async ({ rate }) => …).";
  throw new ValueError({
    what: "search",
    expected: "a function that makes a trial and returns its score",
    got: show(measure),
    hint,
  });
}

function checkSpace(space: unknown): void {
  const isSpace = typeof space === "object" && space !== null && !Array.isArray(space);
  const hint = "Write space: { rate: train.search.logUniform(1e-4, 1e-1), width: train.search.choice([32, 64]) }.";
  if (!isSpace || Object.keys(space).length === 0) {
    throw new ValueError({ what: "search: space", expected: "parameters by name", got: show(space), hint });
  }
  for (const [name, range] of Object.entries(space)) {
    if (typeof range?.draw === "function") continue;
    throw new ValueError({ what: `search: space: ${name}`, expected: "a range or a choice", got: show(range), hint });
  }
}

/**
 * Tries points of a space of parameters and keeps how well each did: `await train.search({ space: { rate: train.search.logUniform(1e-4,
 * 1e-1) } }, async ({ rate }) => …)`, where the function returns a score, by default one to be made small. A trial that throws, or
 * returns no number, is a row with its error. The same seed tries the same points. Throws ValueError at once, and
 * {@link SearchInterruptedError} when it is stopped; `search.last` is what the last search has found, also then.
 */
export const search: typeof run & {
  readonly uniform: typeof uniform;
  readonly logUniform: typeof logUniform;
  readonly integer: typeof integer;
  readonly choice: typeof choice;
  /** What the last search of this process has found, or finds: undefined before its first trial. */
  readonly last: Trials | undefined;
} = Object.defineProperty(Object.assign(run, { uniform, logUniform, integer, choice }), "last", {
  get: () => last,
}) as never;
