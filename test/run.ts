import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

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

if (files.length === 0) {
  // Without files Node would run whatever it takes for a test.
  console.error(`No test file has ${wanted.join(" or ")} in its path below dist/test.`);
  process.exit(1);
}
const run = spawnSync(
  process.execPath,
  ["--no-force-async-hooks-checks", "--test", "--test-concurrency=2", "--test-reporter=spec", ...files],
  { stdio: "inherit" },
);
process.exit(run.status ?? 1);
