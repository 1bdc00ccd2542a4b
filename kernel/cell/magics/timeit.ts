import { host } from "../../../src/door.js";
import { KeyboardInterrupt } from "../context.js";
import { duration } from "./duration.js";
import { MagicError } from "./magic-error.js";

/** A run is at least this long, in ms, unless the number of loops is given. */
const longEnough = 200;
const runsByDefault = 7;

/** What `%timeit` measured, in ms a loop. */
export interface Timing {
  readonly mean: number;
  readonly deviation: number;
  readonly best: number;
  readonly runs: number;
  readonly loops: number;
  /** The code gave a promise, which was awaited in each loop. */
  readonly awaited: boolean;
}

/** `%timeit`: measures a piece of code and prints how long one loop takes. */
export async function timeit(options: string, body: () => unknown): Promise<void> {
  const { mean, deviation, best, runs, loops, awaited } = await measure(body, readOptions(options));
  const each = `${runs} ${runs === 1 ? "run" : "runs"}, ${loops.toLocaleString("en")} ${loops === 1 ? "loop" : "loops"} each`;
  console.log(
    `${duration(mean)} ± ${duration(deviation)} per loop (mean ± std. dev. of ${each}${awaited ? ", awaited" : ""}), best ${duration(best)}`,
  );
}

/** Times a body: as many loops as make a run long enough (1, 2, 5, 10, …), then so many runs. */
export async function measure(body: () => unknown, wanted: { loops?: number; runs?: number }): Promise<Timing> {
  const first = body();
  const awaited = isThenable(first);
  await first;
  const run = async (loops: number): Promise<number> => {
    if (host()?.signal.aborted) throw new KeyboardInterrupt();
    return awaited ? runAwaiting(body, loops) : runAtOnce(body, loops);
  };
  const runs = wanted.runs ?? runsByDefault;
  const times: number[] = [];
  let loops = wanted.loops ?? 1;
  if (wanted.loops === undefined) {
    for (let step = 0; (await run(loops)) < longEnough; step++) loops *= step % 3 === 1 ? 2.5 : 2;
  }
  for (let index = 0; index < runs; index++) times.push((await run(loops)) / loops);
  const mean = times.reduce((sum, time) => sum + time, 0) / runs;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / runs;
  return { mean, deviation: Math.sqrt(variance), best: Math.min(...times), runs, loops, awaited };
}

function runAtOnce(body: () => unknown, loops: number): number {
  const start = performance.now();
  for (let left = loops; left > 0; left--) body();
  return performance.now() - start;
}

async function runAwaiting(body: () => unknown, loops: number): Promise<number> {
  const start = performance.now();
  for (let left = loops; left > 0; left--) await body();
  return performance.now() - start;
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function readOptions(text: string): { loops?: number; runs?: number } {
  const options: { loops?: number; runs?: number } = {};
  for (const [, letter, digits] of text.matchAll(/-([nr])\s*(\d+)/g)) {
    const number = Number(digits);
    if (number < 1) throw new MagicError(`%timeit -${letter}: expected a number from 1, got ${digits}.`);
    if (letter === "n") options.loops = number;
    else options.runs = number;
  }
  return options;
}
