import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeOptions } from "../kernel/node-options.js";

/** The order of `npm test`: what is fast and tells most comes first. Folders not named run after these. */
const order = ["smoke", "architecture", "src", "kernel", "setup", "conformance", "e2e"];

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  .map((file) => relative(process.cwd(), join(here, file)));

function rank(file: string): number {
  const place = order.indexOf(file.split(/[/.]/)[0] ?? "");
  return place < 0 ? order.length : place;
}

// What tests run must not get into the history of whoever runs them.
process.env.NABLA_HISTORY = "off";

if (files.length === 0) {
  // Without files Node would run whatever it takes for a test.
  console.error(`No test file has ${wanted.join(" or ")} in its path below dist/test.`);
  process.exit(1);
}
/** Runs test files, so many at a time, and ends here when one fails. */
function run(some: readonly string[], concurrency: number): void {
  if (some.length === 0) return;
  const options = [...nodeOptions, "--test", `--test-concurrency=${concurrency}`];
  const { status } = spawnSync(process.execPath, [...options, "--test-reporter=spec", ...some], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

// The last ones fill the machine by themselves, and measure how soon Stop is felt.
const alone = (file: string): boolean => file.includes("e2e");
run(
  files.filter((file) => !alone(file)),
  2,
);
run(files.filter(alone), 1);
