import { inCell } from "./context.js";

/** A call that would end the kernel and everything in it. */
export class ExitError extends Error {
  override name = "ExitError";
  constructor(call: string) {
    super(`${call} would end the kernel and lose all variables. To start afresh, restart the kernel from its menu.`);
  }
}

/** Keeps cells from ending the process; the kernel's own code still can. */
export function forbidExit(): void {
  const { exit, abort, kill } = process;
  process.exit = (code) => {
    if (inCell()) throw new ExitError(`process.exit(${code ?? ""})`);
    return exit.call(process, code);
  };
  process.abort = () => {
    if (inCell()) throw new ExitError("process.abort()");
    return abort.call(process);
  };
  process.kill = (pid, signal) => {
    const us = pid === process.pid || pid === 0 || pid === -process.pid;
    if (us && signal !== 0 && inCell()) throw new ExitError("process.kill() of the kernel's own process");
    return kill.call(process, pid, signal);
  };
}
