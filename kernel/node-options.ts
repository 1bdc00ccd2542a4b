/** From this version on, Node's `process.binding` has no signals; see life.ts. */
const withoutSignals = 23;
const [major = ""] = process.versions.node.split(".");

/**
 * What Node must be started with to run the kernel. Without the first, it aborts when an interrupt tears a busy cell; without the
 * others, a signal ends a kernel whose main thread is busy.
 */
export const nodeOptions: readonly string[] = [
  "--no-force-async-hooks-checks",
  ...(Number(major) < withoutSignals ? [] : ["--expose-internals", "--disable-warning=internal/test/binding"]),
];
