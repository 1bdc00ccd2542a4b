/**
 * A user thread in a process of its own, with the real interrupter against it: `runSteps` starts the process and gives it
 * cells; a worker of it checks, sends and listens, and prints the transcript at the end.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { isMainThread, MessageChannel, type MessagePort, Worker, workerData } from "node:worker_threads";
import { startUserThread } from "../../../kernel/cell/thread.js";
import { createInterrupter } from "../../../kernel/interrupt.js";
import { Notebook } from "../../../kernel/language/notebook.js";
import { nodeOptions } from "../../../kernel/node-options.js";
import { createTear } from "../../../kernel/tear.js";
import { type CellError, type FromUser, type Outcome, shared, type ToUser, weight } from "../../../kernel/threads.js";

export interface Step {
  readonly code: string;
  /** Press Stop so long after the cell was sent, in ms, for each number once, unless it has ended. */
  readonly press?: readonly number[];
  /** Listen so long after the cell ended, in ms. */
  readonly linger?: number;
  /** The answers to `Host.input`; null refuses. */
  readonly answers?: readonly (string | null)[];
  /** What the front end sends into the comms that the cell opened. */
  readonly comm?: unknown;
  readonly silent?: boolean;
}

export interface Transcript {
  readonly outcome: Outcome;
  readonly defined: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** Everything else that this cell said. */
  readonly messages: readonly FromUser[];
  /** From sending the cell until its end. */
  readonly milliseconds: number;
  /** From the first press until its end. */
  readonly stopping: number;
}

/** Runs cells one after the other in a fresh process. */
export async function runSteps(steps: readonly Step[]): Promise<Transcript[]> {
  const directory = mkdtempSync(join(tmpdir(), "nabla-user-"));
  const file = join(directory, "steps.json");
  writeFileSync(file, JSON.stringify(steps));
  const script = fileURLToPath(import.meta.url);
  const args = [...nodeOptions, script, file];
  try {
    await promisify(execFile)(process.execPath, args, { cwd: directory, timeout: 240_000 });
    return JSON.parse(readFileSync(`${file}.out`, "utf8")) as Transcript[];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** No cell of a test takes so long, in ms, and a hang should say which one it was. */
const patience = 60_000;

type Times = Pick<Transcript, "milliseconds" | "stopping">;

interface DriverData {
  readonly port: MessagePort;
  readonly view: Int32Array;
  readonly file: string;
}

function runChild(file: string): void {
  const view = new Int32Array(new SharedArrayBuffer(4 * shared.size));
  const { port1, port2 } = new MessageChannel();
  const data: DriverData = { port: port2, view, file };
  new Worker(new URL(import.meta.url), { workerData: data, transferList: [port2] });
  startUserThread({ port: port1, shared: view, directory: dirname(file) });
}

async function drive({ port, view, file }: DriverData): Promise<void> {
  const steps = JSON.parse(readFileSync(file, "utf8")) as Step[];
  const notebook = new Notebook(dirname(file));
  for (const _ of notebook.warm());
  const heard: FromUser[] = [];
  let done = (): void => {};
  let answers: (string | null)[] = [];
  let comm: unknown;
  const toUser = (message: ToUser): void => {
    port.postMessage(message);
    Atomics.add(view, shared.bell, 1);
    Atomics.notify(view, shared.bell);
  };
  port.on("message", (message: FromUser) => {
    heard.push(message);
    Atomics.sub(view, shared.outstanding, weight(message));
    Atomics.notify(view, shared.outstanding);
    if (message.type === "done") done();
    if (message.type === "input-request") {
      const { request } = message;
      const value = answers.shift();
      if (value === undefined) return;
      toUser(value === null ? { type: "input-refused", request } : { type: "input", request, value });
    }
    if (message.type === "comm-open" && comm !== undefined) {
      toUser({ type: "comm-message", id: message.id, message: { data: comm }, cell: message.cell });
      toUser({ type: "comm-close", id: message.id, message: { data: {} }, cell: message.cell });
    }
  });
  const here = fileURLToPath(new URL("../../../kernel/", import.meta.url));
  const own = pathToFileURL(here).href;
  const log = (): void => {};
  const ours = (script: string): boolean => script.startsWith("node:") || script.startsWith(own);
  const spared = (scripts: readonly string[]): boolean => scripts.every(ours);
  const tear = createTear(log);
  const interrupter = createInterrupter({ view, user: toUser, tear, unblock: () => () => {}, spared, log });

  const ends: Times[] = [];
  for (const [index, step] of steps.entries()) {
    const cell = index + 1;
    answers = [...(step.answers ?? [])];
    comm = step.comm;
    const checked = notebook.check(cell, cell, step.code);
    if (!checked.ok) {
      heard.push({ type: "done", cell, outcome: { status: "error", error: checked.error }, defined: [] });
      ends.push({ milliseconds: 0, stopping: 0 });
      continue;
    }
    notebook.summarise();
    const ended = new Promise<void>((resolve) => {
      done = resolve;
    });
    const started = performance.now();
    toUser({ type: "evaluate", emitted: checked.emitted, silent: step.silent ?? false });
    let pressing = Promise.resolve();
    const timers = (step.press ?? []).map((after) =>
      setTimeout(() => {
        pressing = interrupter.press();
      }, after),
    );
    const stuck = setTimeout(() => {
      const state = Object.entries(shared).map(([name, at]) => `${name} ${Atomics.load(view, at)}`);
      console.error(`Cell ${cell} does not end: ${step.code}\n${state.join(", ")}`);
      process.kill(process.pid, "SIGKILL");
    }, patience);
    await ended;
    for (const timer of [...timers, stuck]) clearTimeout(timer);
    const milliseconds = performance.now() - started;
    ends.push({ milliseconds, stopping: milliseconds - (step.press?.[0] ?? 0) });
    await pressing;
    await sleep(step.linger ?? 0);
    const end = heard.findLast((message) => message.type === "done");
    notebook.commit(cell, end?.type === "done" ? end.defined : []);
  }
  await sleep(20);
  writeFileSync(`${file}.out`, JSON.stringify(ends.map((end, index) => transcript(heard, index + 1, end))));
  toUser({ type: "shutdown" });
}

function transcript(heard: readonly FromUser[], cell: number, end: Times): Transcript {
  const own = heard.filter((message) => "cell" in message && message.cell === cell);
  const ended = own.filter((message) => message.type === "done");
  if (ended.length !== 1 || ended[0]?.type !== "done") throw new Error(`cell ${cell} ended ${ended.length} times`);
  const written = (name: string): string =>
    own.map((message) => (message.type === "stream" && message.name === name ? message.text : "")).join("");
  const messages = own.filter(({ type }) => type !== "stream" && type !== "done");
  const { outcome, defined } = ended[0];
  return { outcome, defined, stdout: written("stdout"), stderr: written("stderr"), messages, ...end };
}

/** The error of a cell that must have failed. */
export function errorOf(found: Transcript | undefined): CellError {
  if (found?.outcome.status !== "error") throw new Error(`expected an error, got ${JSON.stringify(found)}`);
  return found.outcome.error;
}

/** The text of the result of a cell that must have one. */
export function textOf(found: Transcript | undefined): unknown {
  if (found?.outcome.status !== "ok") throw new Error(`expected a result, got ${JSON.stringify(found?.outcome)}`);
  return found.outcome.result?.data["text/plain"];
}

if (!isMainThread) await drive(workerData as DriverData);
else if (process.argv[1] === fileURLToPath(import.meta.url)) runChild(process.argv[2] ?? "");
