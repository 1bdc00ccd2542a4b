/**
 * The smallest kernel: the real protocol thread over a language that checks nothing and cells that are plain JavaScript.
 * It is what the protocol's tests run, and shows what the other two threads owe the protocol thread.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { isMainThread, type MessagePort, workerData } from "node:worker_threads";
import type { UserThread } from "../../kernel/cell/thread.js";
import { startKernel } from "../../kernel/start.js";
import {
  type FromLanguage,
  type FromUser,
  shared,
  type ToLanguage,
  type ToUser,
  weight,
} from "../../kernel/threads.js";
import { readConnection } from "../../kernel/wire/connection.js";

const interrupted = { ename: "KeyboardInterrupt", evalue: "stopped", traceback: ["KeyboardInterrupt: stopped"] };
const limit = 1 << 20;

if (isMainThread) {
  startKernel({
    connection: readConnection(process.argv[2] ?? ""),
    directory: process.cwd(),
    language: new URL(import.meta.url),
    startUser: echoUser,
  });
} else {
  echoLanguage((workerData as { port: MessagePort }).port);
}

/** Passes every cell on as it is; `#slow` at its start makes the check take a second. */
function echoLanguage(port: MessagePort): void {
  const say = (message: FromLanguage): void => port.postMessage(message);
  port.on("message", (message: ToLanguage) => {
    if (message.type !== "check") return;
    const { request, cell, count, code } = message;
    if (code.startsWith("#die")) throw new Error("the checker broke");
    const emitted = { cell, count, code, js: code.replace(/^#.*/, ""), map: "" };
    setTimeout(
      () => say({ type: "checked", request, checked: { ok: true, emitted } }),
      code.startsWith("#slow") ? 1000 : 0,
    );
  });
}

/** Runs cells as bodies of async functions over `print`, `ask`, `scope`, `shared` and `view`. */
function echoUser({ port, shared: view }: UserThread): void {
  const scope = {};
  const current = new AsyncLocalStorage<number>();
  const running = new Map<number, () => void>();
  const answers = new Map<number, (value: string | undefined) => void>();
  const say = (message: FromUser): void => {
    Atomics.add(view, shared.outstanding, weight(message));
    port.postMessage(message);
    for (let now = limit + 1; now > limit; Atomics.wait(view, shared.outstanding, now)) {
      now = Atomics.load(view, shared.outstanding);
      if (now <= limit) return;
    }
  };
  const evaluate = (cell: number, js: string): void => {
    const done = (error?: typeof interrupted): void => {
      if (!running.delete(cell)) return;
      Atomics.store(view, shared.running, [...running.keys()].at(-1) ?? 0);
      const outcome = error === undefined ? { status: "ok" as const } : { status: "error" as const, error };
      say({ type: "done", cell, outcome, defined: [] });
    };
    running.set(cell, () => done(interrupted));
    Atomics.store(view, shared.running, cell);
    const print = (text: unknown): void => say({ type: "stream", cell, name: "stdout", text: `${text}\n` });
    const ask = (prompt: string): Promise<string | undefined> =>
      new Promise((resolve) => {
        const request = answers.size + 1;
        answers.set(request, resolve);
        say({ type: "input-request", cell, request, prompt, password: false });
      });
    const body = new Function("print", "ask", "scope", "shared", "view", `return (async () => {${js}\n})()`);
    const run = (): Promise<void> => body(print, ask, scope, shared, view);
    current.run(cell, run).then(
      () => done(),
      (error: Error) => done({ ename: error.name, evalue: error.message, traceback: [String(error)] }),
    );
  };
  port.on("message", (message: ToUser) => {
    if (message.type === "evaluate") evaluate(message.emitted.cell, message.emitted.js);
    if (message.type === "interrupt" || message.type === "torn") for (const stop of [...running.values()]) stop();
    if (message.type === "interrupt") Atomics.store(view, shared.settled, message.press);
    if (message.type === "interrupt") Atomics.add(view, shared.heard, 1);
    if (message.type === "input") answers.get(message.request)?.(message.value);
    if (message.type === "input-refused") answers.get(message.request)?.(undefined);
    if (message.type === "shutdown") process.exit(0);
  });
  say({ type: "ready" });
}
