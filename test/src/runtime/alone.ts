/** Code in a process of its own, with the runtime as `tf`, `configure` and `runtimeInfo`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../root.js";

/** For files of the test; goes with it. */
export const scratch = mkdtempSync(join(tmpdir(), "nabla-process-"));
after(() => rmSync(scratch, { recursive: true }));

/** Where a file of the library lies, as code for an import. */
export const urlOf = (file: string) => JSON.stringify(pathToFileURL(join(root, "dist/src", file)).href);
const prelude = `
  const tf = await import(${urlOf("runtime/tf.js")});
  const { configure, runtimeInfo } = await import(${urlOf("runtime/index.js")});
  const isLoaded = () => process.report.getReport().sharedObjects.some((file) => file.includes("libtensorflow_cc"));
`;

let count = 0;

/** Runs it, and says how it ended and what it printed. */
export function runAlone(code: string, env: Record<string, string> = {}) {
  const file = join(scratch, `${count++}.mjs`);
  writeFileSync(file, prelude + code);
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  });
  return { status, signal, stdout, stderr };
}
