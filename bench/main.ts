/** `npm run bench -- NAME [option …]`: measures against the peers and writes the result into RESULTS.md. */
import { kernelBench } from "./kernel/bench.js";
import { learnBench } from "./learn/bench.js";
import { stepsBench } from "./steps/bench.js";

/** Every bench by name. It writes its section of RESULTS.md. */
const benches: Readonly<Record<string, (options: readonly string[]) => Promise<void>>> = {
  kernel: kernelBench,
  learn: learnBench,
  steps: stepsBench,
};

const [name = "", ...options] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) {
  console.error(`bench: expected one of ${Object.keys(benches).join(", ")}, got ${name || "nothing"}.`);
  process.exitCode = 1;
} else {
  await bench(options);
}
