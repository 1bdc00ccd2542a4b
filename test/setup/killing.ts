import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const worker = join(dirname(fileURLToPath(import.meta.url)), "worker.js");

/** How a worker ended. */
export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A folder for one test, with a space in its name, removed at its end. */
export function temporary(context: Ending): string {
  return makeFolder("nabla setup-", context);
}

/** A folder for wheels. No space in its name: PIP_FIND_LINKS is a list separated by spaces. */
export function shelf(context: Ending): string {
  return makeFolder("nabla-shelf-", context);
}

/** A test, or the file (`{ after }` of node:test). */
interface Ending {
  after(work: () => void): void;
}

function makeFolder(prefix: string, context: Ending): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}

/** Runs worker.ts; `killAfter` (ms) ends it with SIGKILL. */
export function runWorker(args: readonly string[], env: NodeJS.ProcessEnv, killAfter?: number): Promise<Run> {
  const child = spawn(process.execPath, [worker, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter).unref();
  return ended(child);
}

/** Waits for a process whose standard output and error are pipes. Its own children do not keep this waiting. */
export function ended(child: ChildProcess): Promise<Run> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}
