/** The protocol thread: wires sockets, session and the ports to the other threads. Nothing here runs user code. */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { endAwaited } from "./awaited.js";
import { endChildren, killChildren } from "./children.js";
import { Debugger } from "./debug/debugger.js";
import { gate } from "./debug/gate.js";
import { handlers } from "./handlers/index.js";
import { heapOfMainThread } from "./heap.js";
import { createHistory } from "./history/history.js";
import { historyFolder } from "./history/location.js";
import { createInterrupter } from "./interrupt.js";
import { watchParents, watchSignal } from "./life.js";
import { availableMemory, processLimit, watchMemory } from "./memory.js";
import { keepNote, noteFile, noting } from "./note.js";
import { createSession } from "./session.js";
import { createTear } from "./tear.js";
import { type FromLanguage, type FromUser, shared, type ToLanguage, type ToUser } from "./threads.js";
import { type Connection, portNames } from "./wire/connection.js";
import { createLog } from "./wire/log.js";
import { type Channel, type Message, protocolVersion } from "./wire/message.js";
import { createOutbox } from "./wire/outbox.js";
import { openSockets } from "./wire/sockets.js";

/** What the main thread gives this thread. */
export interface ProtocolData {
  readonly connection: Connection;
  readonly user: MessagePort;
  readonly language: MessagePort;
  readonly shared: Int32Array;
  /** What V8 lets the heap of the main thread grow to, in bytes. */
  readonly heapLimit: number;
  /** The kernel's own version. */
  readonly version: string;
  /** By what processes that cells start are known. */
  readonly mark: string;
  /** The process that looks after this one. */
  readonly supervisor?: number;
}

/** What the main thread says later: the language thread died and a new one listens on that port. */
export interface ToProtocol {
  readonly type: "language-lost";
  readonly reason: string;
  readonly port: MessagePort;
}

/** What this thread says to the main one: clients are answered from now on. */
export type FromProtocol = "ready";

const { connection, user, shared: view, heapLimit, version, mark, supervisor, ...data } = workerData as ProtocolData;
let language = data.language;

// A worker's console goes through the main thread, which may be busy.
const log = createLog((line) => void writeSync(2, `nabla: ${line}\n`));

const sockets = await openSockets(connection, {
  receive: (channel, message) => session.receive(channel, message),
  log,
  // Of a kernel that was killed with its supervisor, the supervisor is gone first.
  patience: supervisor === undefined ? 0 : 3000,
});
// Another parent would have given us another file, or none.
const note = keepNote(process.ppid === supervisor ? noteFile : undefined, mark);
// Nobody hears a kernel without this thread. The main thread may be too busy to end it, and zeromq would abort it unsaid.
process.on("uncaughtException", (error) => {
  const reason = `the protocol thread died: ${error instanceof Error ? error.stack : String(error)}`;
  log(reason);
  note.dying(reason);
  process.kill(process.pid, "SIGKILL");
});
const taken = (weight: number): void => {
  if (weight === 0) return;
  Atomics.sub(view, shared.outstanding, weight);
  Atomics.notify(view, shared.outstanding);
};
let ending = false;
// A timer that throws goes on while the kernel ends: nobody waits for its messages.
const lost = (text: string): void => {
  if (!ending) log(text);
};
const outbox = (channel: Channel | "iopub") =>
  createOutbox({ send: (message: Message) => sockets.send(channel, message), taken, log: lost });
const outboxes = {
  shell: outbox("shell"),
  control: outbox("control"),
  stdin: outbox("stdin"),
  iopub: outbox("iopub"),
};

const debugging = new Debugger({
  expose: (on) => Atomics.store(view, shared.exposed, on ? 1 : 0),
  shielded: () => Atomics.load(view, shared.shield) > 0,
  log,
});
let lastStart = 0;
const toUser = gate(
  (cell) => debugging.before(cell),
  (message: ToUser) => {
    if (message.type === "evaluate") lastStart = performance.now();
    user.postMessage(message);
    Atomics.add(view, shared.bell, 1);
    Atomics.notify(view, shared.bell);
  },
);
const ownFolder = new URL(".", import.meta.url).href;
// A module that is torn while it is evaluated can never be imported again, and the kernel's bookkeeping must add up.
const loads = (script: string): boolean => script.startsWith("node:internal/modules/");
const ours = (script: string): boolean => script.startsWith("node:") || script.startsWith(ownFolder);
const interrupter = createInterrupter({
  view,
  user: toUser,
  tear: createTear(log),
  unblock: () => endAwaited(performance.now() - lastStart),
  spared: (scripts) => scripts.some(loads) || scripts.every(ours),
  log,
});

watchMemory({
  heapLimit,
  processLimit: processLimit(process.env.NABLA_MEMORY),
  heap: heapOfMainThread(log),
  resident: process.memoryUsage.rss,
  available: availableMemory,
  async end(reason) {
    let ended = false;
    await debugging.aside(async () => {
      ended = await interrupter.end(reason);
    });
    return ended;
  },
});

/**
 * Ends the process, with what was said delivered and what cells started ended, within two seconds, also while the main thread
 * is busy: then `force` ends it.
 */
async function exit(force = (): void => kill("SIGKILL")): Promise<void> {
  if (ending) return;
  ending = true;
  note.close();
  setTimeout(() => kill("SIGKILL"), 1700);
  // The reply to the request that ends the kernel is posted in this turn.
  await sleep(0);
  const said = Promise.all([...Object.values(outboxes).map((box) => box.drain()), history.flush()]);
  await Promise.all([Promise.race([said, sleep(500)]), endChildren()]);
  sockets.close();
  await sleep(50);
  debugging.close();
  toUser({ type: "shutdown" });
  setTimeout(force, 500);
}

/** A busy cell may have started more meanwhile. */
function kill(signal: NodeJS.Signals): void {
  killChildren();
  process.kill(process.pid, signal);
}

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  const release = watchSignal(signal, () => {
    void exit(() => {
      // Whoever waits for the process sees what ended it.
      release();
      kill(signal);
    });
  });
}

const typescript = (createRequire(import.meta.url)("typescript/package.json") as { version: string }).version;
const ports = Object.fromEntries(portNames.map((name) => [name, connection[name]]));
const folder = historyFolder(process.env);
const history = createHistory(folder === undefined ? undefined : { folder, log });
const session = createSession({
  handlers: noting(handlers({ protocol: protocolVersion, version, typescript }, ports, debugging), note),
  history,
  send: (channel, message) => outboxes[channel].post(message),
  publish: (message, weight) => outboxes.iopub.post(message, weight),
  user: toUser,
  language: (message: ToLanguage) => language.postMessage(message),
  interrupt: () => void debugging.aside(() => interrupter.press()),
  exit: () => void exit(),
  log,
});

user.on("message", (message: FromUser) => session.fromUser(message));
const listen = (port: MessagePort): void => {
  language = port;
  port.on("message", (message: FromLanguage) => session.fromLanguage(message));
};
listen(language);
parentPort?.on("message", ({ reason, port }: ToProtocol) => {
  listen(port);
  session.languageLost(reason);
});
watchParents(supervisor, (reason) => {
  log(reason);
  void exit();
});
let interrupted = Number.NEGATIVE_INFINITY;
watchSignal("SIGINT", () => {
  const now = performance.now();
  // What is sent to the process group comes from the supervisor once more.
  if (now - interrupted > 100) session.interrupt();
  interrupted = now;
});
parentPort?.postMessage("ready" satisfies FromProtocol);
