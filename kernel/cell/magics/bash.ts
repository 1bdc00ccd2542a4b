import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { host } from "../../../src/door.js";
import { KeyboardInterrupt } from "../context.js";
import { MagicError } from "./magic-error.js";

/** A script that ended abnormally. */
export class BashError extends Error {
  override name = "BashError";
  /** The exit code, 128 + number for a signal. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  constructor(code: number | null, signal: string | null) {
    super(signal === null ? `%%bash ended with exit code ${code}.` : `%%bash was ended by ${signal}.`);
    this.code = code ?? undefined;
    this.signal = signal ?? undefined;
  }
}

/** Linux takes no longer argument (MAX_ARG_STRLEN), in bytes. */
const longest = 128 * 1024 - 1;
/** So long a script may take to end by itself when it is told to, in ms. */
const grace = 100;
/** So long output may follow the end of a script whose background jobs keep its pipes open, in ms. */
const drain = 50;

/** Process groups that may still have members; they end with the kernel. */
const groups = new Set<number>();
let watching = false;

/**
 * `%%bash`: runs a script in a process group of its own. Output appears as it comes; an interrupt ends the whole group.
 * Throws {@link BashError} for an exit code other than 0.
 */
export async function bash(args: string, script: string): Promise<void> {
  if (args !== "") throw new MagicError(`%%bash: expected nothing behind it, got "${args}". Commands go below.`);
  if (script.trim() === "") throw new MagicError("%%bash: expected commands in the lines below, got nothing.");
  const size = Buffer.byteLength(script);
  if (size > longest) {
    throw new MagicError(`%%bash: expected at most ${longest} bytes, got ${size}. Write them to a file and run that.`);
  }
  const signal = host()?.signal;
  if (signal?.aborted) throw new KeyboardInterrupt();
  const text = script.replace(/\r\n/g, "\n");
  const child = spawn("bash", ["-c", text], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  show(child);
  const ended = end(child);
  const stop = (): void => void endGroup(child);
  signal?.addEventListener("abort", stop);
  try {
    const { code, by } = await ended;
    if (signal?.aborted) throw new KeyboardInterrupt();
    if (code !== 0) throw new BashError(code, by);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function show(child: ChildProcess): void {
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => process[name].write(text));
  }
}

/** Resolves when bash has ended and what it wrote is shown. */
function end(child: ChildProcess): Promise<{ code: number | null; by: string | null }> {
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    // First of all: TensorFlow leaves the process in a listener of its own.
    if (!watching) process.prependListener("exit", () => groups.forEach(killGroup));
    watching = true;
  }
  const closed = new Promise((resolve) => child.once("close", resolve));
  return new Promise((resolve, reject) => {
    child.once("error", (cause: NodeJS.ErrnoException) => {
      const text = cause.code === "ENOENT" ? "got none on the PATH" : `got ${cause.message}`;
      reject(new MagicError(`%%bash: expected bash, ${text}.`, { cause }));
    });
    child.once("exit", async (code, by) => {
      await Promise.race([closed, sleep(drain)]);
      if (pid !== undefined && !lives(pid)) groups.delete(pid);
      resolve({ code, by });
    });
  });
}

/** Ends a script and all that it started: gently, and a moment later by force. */
async function endGroup({ pid, stdout, stderr }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  for (const stream of [stdout, stderr]) stream?.removeAllListeners("data").resume();
  signalGroup(pid, "SIGTERM");
  await sleep(grace);
  killGroup(pid);
  groups.delete(pid);
}

function killGroup(pid: number): void {
  signalGroup(pid, "SIGKILL");
}

function lives(pid: number): boolean {
  return signalGroup(pid, 0);
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
