// Builds the JupyterLab extension into dist/labextension, from npm packages alone. Does nothing when that is up to date.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(dirname(here), "dist", "labextension");
const stamp = `${out}.stamp`;
const packages = createRequire(import.meta.url);

const built = fingerprint();
if (read(stamp) !== built || !complete()) build();

/** Changes whenever the extension would. */
function fingerprint() {
  const hash = createHash("sha256");
  const sources = readdirSync(join(here, "src"))
    .sort()
    .map((name) => join("src", name));
  for (const file of [...sources, "package.json", "tsconfig.json", "build.mjs"]) {
    hash.update(file).update(readFileSync(join(here, file)));
  }
  for (const name of ["plotly.js-cartesian-dist-min", "@jupyter/builder", "typescript"]) {
    hash.update(readFileSync(packages.resolve(`${name}/package.json`)));
  }
  return hash.digest("hex");
}

function complete() {
  const manifest = read(join(out, "package.json"));
  const entry = manifest === undefined ? undefined : JSON.parse(manifest).jupyterlab?._build?.load;
  return entry !== undefined && existsSync(join(out, entry));
}

function build() {
  // The stamp goes first and comes back last, so that a build that was cut short is never taken for a whole one.
  rmSync(stamp, { force: true });
  mkdirSync(out, { recursive: true });
  run(packages.resolve("typescript/bin/tsc"), "-p", here);
  const builder = join(dirname(packages.resolve("@jupyter/builder/package.json")), "lib", "build-labextension.js");
  const core = packages.resolve("@jupyterlab/core-meta/core.package.json");
  run(builder, "--core-package-file", core, here);
  if (!complete()) fail(`expected an entry point in ${out}, got none. Run it again with a free disk.`);
  writeFileSync(stamp, built);
}

function run(script, ...args) {
  const result = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  if (result.status !== 0) fail(`${script} failed:\n${result.stdout}${result.stderr}`);
}

function fail(message) {
  console.error(`labextension: ${message}`);
  process.exit(1);
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
