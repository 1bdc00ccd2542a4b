import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { bring } from "./root.js";

/** How a child process ended, and the last of what it printed. */
export interface Ended {
  readonly code: number;
  /** The last 200 lines of standard output and error, in order. */
  readonly output: string;
}

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Gives it a process group of its own: signals from the terminal do not reach it. */
  readonly detached?: boolean;
  /** Sees each line of standard output and error. */
  readonly onLine?: (line: string) => void;
}

/** The command line that runs Python on a leash: `-I` keeps the user's PYTHON* variables and packages out. */
function leashed(args: readonly string[]): string[] {
  return ["-I", bring("python", "leash.py"), ...args];
}

/** Starts Python on a leash: it ends when this process ends, however that happens. */
export function spawnLeashed(python: string, args: readonly string[], options: ChildOptions = {}): ChildProcess {
  const child = spawn(python, leashed(args), { stdio: ["pipe", "pipe", "pipe"], env: process.env, ...options });
  // Its end is seen by its exit; the leash breaking before that says nothing new.
  child.stdin?.on("error", () => {});
  return child;
}

/** Runs Python on a leash to its end; a program that cannot be started counts as exit code 127. */
export function runPython(python: string, args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  return finish(spawnLeashed(python, args, options), options.onLine);
}

/** Runs a program to its end; one that cannot be started counts as exit code 127. */
export function runProgram(file: string, args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: process.env, ...options });
  return finish(child, options.onLine);
}

function finish(child: ChildProcess, onLine: (line: string) => void = () => {}): Promise<Ended> {
  const last: string[] = [];
  const read = (stream: Readable | null): void => {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      if (last.push(line) > 200) last.shift();
      onLine(line);
    });
  };
  read(child.stdout);
  read(child.stderr);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 127, output: String(error) }));
    child.once("close", (code) => resolve({ code: code ?? 1, output: last.join("\n") }));
  });
}
