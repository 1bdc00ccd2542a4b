import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureAll } from "../../setup/ensure.js";
import { root } from "../../setup/root.js";
import { writeSection } from "../results.js";
import { kernelSpecs } from "./peers.js";
import { type Measured, report, type Soaked, soakReport } from "./report.js";

/**
 * The kernel beside tslab, Deno and ipykernel, all through jupyter_client, in one run. Option `soak`: 10,000 cells in our own
 * kernel instead.
 */
export async function kernelBench(options: readonly string[]): Promise<void> {
  const environment = await ensureAll();
  const folder = mkdtempSync(join(tmpdir(), "nabla-bench-"));
  try {
    const specs = join(folder, "kernels.json");
    writeFileSync(specs, JSON.stringify(await kernelSpecs(environment)));
    const script = join(root, "bench", "kernel", "run.py");
    const measured = JSON.parse(await output(environment.python, [script, specs, ...options])) as Measured & Soaked;
    const command = ["npm run bench -- kernel", ...options].join(" ");
    if (options.includes("soak")) writeSection("Kernel: 10,000 cells", command, soakReport(measured));
    else writeSection("Kernel", command, report(measured));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function output(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`bench: expected ${file} ${args.join(" ")} to succeed, got exit code ${code}`));
    });
  });
}
