import { constants } from "node:os";
import { type ErrorContent, withoutPlace } from "./protocol/error.js";

/** How a process ended, as its parent sees it. */
export type Death = { readonly signal: NodeJS.Signals } | { readonly code: number };

/** Reads the status by which a shell tells it: an exit code, or 128 and the signal's number. */
export function deathOf(status: number): Death {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === status - 128) ?? [];
  return signal === undefined ? { code: status } : { signal: signal as NodeJS.Signals };
}

/** What most likely stands behind a signal that nobody asked for, and what helps. */
const causes: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV:
    "native code used memory that is not its own. Most likely a function of a native library was called with a wrong pointer, " +
    "type or number of arguments, or a native npm package has an error, or native code recursed too deeply",
  SIGBUS:
    "native code used memory that is not there. Most likely a file that was mapped into memory became shorter, or the disk " +
    "(or /dev/shm) is full",
  SIGABRT:
    "V8 or native code gave up. Most likely there was no room for JavaScript values: one very large array, or a heap that was " +
    "full (typed arrays lie outside of it; NODE_OPTIONS=--max-old-space-size=8192 makes it larger). Otherwise a native library " +
    "found an error that it cannot go on with. The log of Jupyter says which",
  SIGKILL:
    "it was killed from outside. Most likely the system did so because memory had run out: use smaller batches or less data at " +
    "a time, or set NABLA_MEMORY (in MB), above which a cell is ended and the kernel lives on",
  SIGILL: "native code used an instruction that this processor does not have, or stopped itself at an error",
  SIGTRAP:
    "V8 or native code stopped itself at an error. Most likely an array was to be larger than V8 can hold (134 million values; " +
    "typed arrays take more). The log of Jupyter says which",
  SIGFPE: "native code divided an integer by zero",
  SIGSYS: "native code called the system for something that is forbidden here",
  SIGXCPU: "it used up the processor time that it was given (ulimit -t)",
};

/** What a cell shows that ran when the kernel died; `reason`: what the kernel itself still said. */
export function died(death: Death, reason?: string): ErrorContent {
  const how = "signal" in death ? death.signal : `exit code ${death.code}`;
  const cause =
    reason ??
    ("signal" in death
      ? (causes[death.signal] ?? "somebody sent this signal")
      : "native code ended the process, or something that went around process.exit()");
  return withoutPlace(
    "KernelDied",
    `The kernel died (${how}): ${cause}. Its variables are lost, and perhaps the last of its output: run the cells above again.`,
  );
}
