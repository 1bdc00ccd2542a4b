import { createRequire } from "node:module";
import { constants } from "node:os";
import { read, statOf } from "./processes.js";

/** How often, in ms, the kernel looks whether its parent lives. */
const every = 250;

/** Where our supervisor (`supervisor.sh`) tells its process id. */
const supervisorName = "NABLA_SUPERVISOR";

/** The supervisor's process id, if there is one. Taken away, so that nothing that cells start believes to be supervised. */
export function takeSupervisor(): number | undefined {
  const { [supervisorName]: pid } = process.env;
  delete process.env[supervisorName];
  return pid === undefined ? undefined : Number(pid);
}

/**
 * Calls `orphaned` when the process that wants the kernel, `JPY_PARENT_PID`, or its supervisor is gone; also when it was gone
 * before we looked. Without that variable nobody asked for it. (jupyter_client, `launch_kernel`; on Windows it is a handle,
 * not a number.)
 */
export function watchParents(supervisor: number | undefined, orphaned: (reason: string) => void): void {
  watch("the process that started the kernel (JPY_PARENT_PID=", Number(process.env.JPY_PARENT_PID), orphaned);
  watch("the supervisor of the kernel (", Number(supervisor), orphaned);
}

function watch(name: string, wanted: number, orphaned: (reason: string) => void): void {
  if (process.platform === "win32" || !Number.isSafeInteger(wanted) || wanted <= 1) return;
  // The server may have started us through another program; then its number says what our own parent's does not.
  const direct = process.ppid === wanted;
  const timer = setInterval(() => {
    if (direct ? process.ppid === wanted : isAlive(wanted)) return;
    clearInterval(timer);
    orphaned(`${name}${wanted}) is gone: the kernel ends`);
  }, every);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !["Z", "X"].includes(statOf(pid)?.state ?? "");
}

interface SignalWatcher {
  onsignal(signal: number): void;
  start(signal: number): number;
  unref(): void;
  close(): void;
}

/**
 * Calls `came` on a signal, from a worker; returns what gives the signal its default effect back. Node offers signals to the
 * main thread only, whose event loop may be busy; libuv tells every loop that asks. Where that is impossible nothing changes:
 * most signals end the process. A SIGHUP that the process was told to ignore (nohup) stays ignored.
 */
export function watchSignal(name: NodeJS.Signals, came: () => void): () => void {
  const number = constants.signals[name];
  if (name === "SIGHUP" && isIgnored(number)) return () => {};
  try {
    const watcher = new (signalsOfNode().Signal)();
    watcher.onsignal = came;
    watcher.start(number);
    watcher.unref();
    return () => watcher.close();
  } catch {
    // A Node without this inside: clients use interrupt_request and shutdown_request.
    return () => {};
  }
}

type Signals = { readonly Signal: new () => SignalWatcher };

/** Node's own way to libuv's signals, which newer ones show only with `nodeOptions`. */
function signalsOfNode(): Signals {
  type Binding = (name: string) => unknown;
  let binding: Binding;
  try {
    const internals = createRequire(import.meta.url)("internal/test/binding") as { internalBinding: Binding };
    binding = internals.internalBinding;
  } catch {
    process.noDeprecation = true;
    binding = (process as unknown as { binding: Binding }).binding.bind(process);
  }
  return binding("signal_wrap") as Signals;
}

function isIgnored(signal: number): boolean {
  const [, mask = "0"] = /^SigIgn:\s*([0-9a-f]+)/m.exec(read("/proc/self/status")) ?? [];
  return (BigInt(`0x${mask}`) & (1n << BigInt(signal - 1))) !== 0n;
}
