/** Runs that are killed again and again, beside one that is not: `node dist/test/src/train/kills.js 50`. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Random } from "../../../src/tensor/random.js";

const program = fileURLToPath(new URL("./killed-run.js", import.meta.url));

/** What came of {@link killAgainAndAgain}. */
export interface Kills {
  /** The last step that each process had told of when it was killed; 0: it had not begun. */
  readonly lives: readonly number[];
  /** Steps that were made more than once. */
  readonly repeated: number;
}

/**
 * Trains to the end once, then again in processes that are killed at random moments, so many times. Throws unless weights, history,
 * validation and random numbers are the same bytes.
 */
export async function killAgainAndAgain(kills: number, seed: number): Promise<Kills> {
  const folder = mkdtempSync(join(tmpdir(), "nabla-kills-"));
  try {
    const random = new Random(seed, "kills");
    const whole = join(folder, "whole");
    await live(join(folder, "a"), whole);
    const lives: number[] = [];
    const torn = join(folder, "torn");
    let repeated = 0;
    let last = 0;
    for (let kill = 0; kill < kills; kill++) {
      // Now and then before the first step: while TensorFlow is loaded, or the checkpoint is read.
      const steps = kill % 10 === 9 ? 0 : 1 + random.integer(Math.floor(500 / kills));
      const wait = steps === 0 ? random.integer(1500) : random.uniform() * 12;
      const { first, end } = await live(join(folder, "b"), torn, { steps, wait });
      if (first > 0) repeated += Math.max(0, last - first + 1);
      last = Math.max(last, end);
      lives.push(end);
    }
    await live(join(folder, "b"), torn);
    for (const kind of [".safetensors", ".json"]) {
      assert.deepEqual(readFileSync(torn + kind), readFileSync(whole + kind), `${kind} after ${lives}, seed ${seed}`);
    }
    const leftovers = readdirSync(join(folder, "b")).filter((name) => name.startsWith("."));
    assert.deepEqual(leftovers, [], "nothing half written is left");
    return { lives, repeated };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One process, killed some milliseconds after it told of so many steps; or until its end. → its first and last steps. */
async function live(
  directory: string,
  output: string,
  death?: { readonly steps: number; readonly wait: number },
): Promise<{ first: number; end: number }> {
  const child = spawn(process.execPath, [program, directory, output], { stdio: ["ignore", "pipe", "inherit"] });
  let [first, end, told] = [0, 0, 0];
  const kill = () => setTimeout(() => child.kill("SIGKILL"), death!.wait);
  if (death?.steps === 0) kill();
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      end = Number(/^step (\d+)$/.exec(line)?.[1]);
      first ||= end;
      if (++told === death?.steps) kill();
    }
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on("close", (...how) => resolve(how));
  });
  assert.equal(signal, "SIGKILL", `the process ended by itself, with ${code}`);
  return { first, end };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = "50", seed = String(Date.now() % 1e6)] = process.argv.slice(2);
  const { lives, repeated } = await killAgainAndAgain(Number(count), Number(seed));
  console.log(`${count} kills (seed ${seed}) after steps ${lives.join(", ")}; ${repeated} steps were made again.`);
  console.log("Weights, history, validation and random numbers are those of the run that was not killed.");
}
