import { setImmediate as nextTurn } from "node:timers/promises";
import { type Asked, createAsker } from "./asker.js";
import type { History } from "./history/history.js";
import { Origins } from "./origins.js";
import { aborted, failed, withoutPlace } from "./protocol/error.js";
import { unknownSubshell } from "./protocol/subshell.js";
import { Questions } from "./questions.js";
import { createRelay } from "./relay.js";
import { createShells, type Shells, stops } from "./shells.js";
import type { EmittedCell, FromLanguage, FromUser, ToLanguage, ToUser } from "./threads.js";
import { type Channel, child, type Extras, type Json, type Message, type Origin, reply } from "./wire/message.js";

/** How one kind of request is answered. */
export interface Handler {
  /** Such requests of a shell run one after the other, in order, and are aborted when one before them fails. */
  readonly serial?: boolean;
  /** No busy and idle around it: the message is part of another request. */
  readonly quiet?: boolean;
  /** The content of the reply, or undefined for a message that has none. */
  handle(request: Message, kernel: Kernel): Json | undefined | Promise<Json | undefined>;
}

/** The handlers by channel and message type. */
export type Handlers = Readonly<Record<Channel, Readonly<Record<string, Handler>>>>;

type Done = Extract<FromUser, { type: "done" }>;

/** What handlers may do. */
export interface Kernel {
  readonly history: History;
  /** Does a cell run? The user thread may not listen then. */
  busy(): boolean;
  /** Open comms: id → target. */
  readonly comms: Map<string, string>;
  readonly subshells: Pick<Shells<Job>, "create" | "delete" | "list">;
  /** Sends a message on iopub; `origin` is the request or the cell that caused it. */
  publish(origin: Origin | number, type: string, content: Json, extras?: Extras): void;
  /** A new cell number; output of that cell goes to the request, however late it comes. */
  openCell(request: Message, allowStdin: boolean): number;
  /** A number for what listeners print on a comm message; it is remembered among such messages, not among cells. */
  openComm(request: Message): number;
  /** Waits until the listeners of a comm message have returned, or Stop. */
  heard(number: number): Promise<void>;
  /** The number of the next cell in `In [n]`; it is used up when the cell goes into the history. */
  count(used: boolean): number;
  readonly asks: Asked;
  /** Waits for work that needs no stopping: an interrupt merely ends the waiting. */
  unlessInterrupted<T>(work: Promise<T>): Promise<T | "interrupted">;
  /** Runs a checked cell on the user thread. */
  evaluate(emitted: EmittedCell, silent: boolean): Promise<Done>;
  user(message: ToUser): void;
  language(message: ToLanguage): void;
  /** The value the user typed, for the question that the reply names, else for the one that has waited longest. */
  input(value: string, reply: Message): void;
  /** Stops the running cells of all shells and aborts those that wait. */
  interrupt(): void;
  /** Ends the process once everything sent so far is out. */
  exit(): void;
}

/** What a session stands on: where messages go, and how the process is interrupted and ended. */
export interface SessionParts {
  readonly handlers: Handlers;
  readonly history: History;
  send(channel: Channel, message: Message): void;
  /** iopub; `weight` counts in `shared.outstanding` until the socket took the message. */
  publish(message: Message, weight: number): void;
  user(message: ToUser): void;
  language(message: ToLanguage): void;
  interrupt(): void;
  exit(): void;
  log(text: string): void;
}

/** The kernel as one function from what comes in to what goes out; it knows no socket and no thread. */
export interface Session {
  receive(channel: Channel, message: Message): void;
  fromUser(message: FromUser): void;
  fromLanguage(message: FromLanguage): void;
  /** The language thread died: what was asked of it fails, and `ToLanguage` goes to a new one. */
  languageLost(reason: string): void;
  interrupt(): void;
}

/** A request on its way to its handler. */
interface Job {
  readonly channel: Channel;
  readonly request: Message;
  readonly handler: Handler | undefined;
}

/** Makes a session and announces it on iopub. */
export function createSession(parts: SessionParts): Session {
  const origins = new Origins();
  const questions = new Questions();
  const waits = new Set<() => void>();
  const evaluations = new Map<number, (done: Done) => void>();
  const hearing = new Map<number, () => void>();
  const asker = createAsker(parts);
  let lastCount = 0;

  const publish = (
    origin: Origin | number | undefined,
    type: string,
    content: Json,
    extras?: Extras,
    load = 0,
  ): void => {
    const parent = typeof origin === "number" ? origins.of(origin) : origin;
    parts.publish(child(parent, type, content, extras), load);
  };

  const status = (state: "starting" | "busy" | "idle", origin?: Origin): void =>
    publish(origin, "status", { execution_state: state });

  const serve = async ({ channel, request, handler }: Job): Promise<Json | undefined> => {
    if (handler?.quiet !== true) status("busy", request);
    const started = new Date().toISOString();
    let content: Json | undefined;
    try {
      content = await handler?.handle(request, kernel);
    } catch (error) {
      parts.log(`${request.header.msg_type}: ${error instanceof Error ? error.stack : String(error)}`);
      content = failed(withoutPlace("KernelError", error instanceof Error ? error.message : String(error)));
    }
    if (handler?.serial === true && stops(request, content)) await arrivals();
    if (content !== undefined) parts.send(channel, reply(request, content, { metadata: { started } }));
    if (handler?.quiet === true) return content;
    status("idle", request);
    // Front ends show the last status they saw: a completion must not make a running cell look finished.
    const running = shells.running();
    if (running !== undefined && running !== request) status("busy", running);
    return content;
  };

  const shells = createShells<Job>({
    serve,
    abort: ({ channel, request }) => void serve({ channel, request, handler: { handle: () => aborted } }),
  });

  const interrupt = (): void => {
    shells.abort();
    const waiting = [...waits];
    for (const stop of waiting) stop();
    for (const stop of hearing.values()) stop();
    hearing.clear();
    // A user thread that is idle may still be busy with a timer.
    if (waiting.length === 0 || evaluations.size > 0) parts.interrupt();
  };

  const kernel: Kernel = {
    history: parts.history,
    busy: () => shells.running() !== undefined,
    comms: new Map(),
    subshells: shells,
    publish,
    openCell: (request, allowStdin) => origins.openCell(request, allowStdin),
    openComm: (request) => origins.openComm(request),
    heard: (number) => new Promise((resolve) => void hearing.set(number, resolve)),
    count(used) {
      if (used) lastCount += 1;
      return used ? lastCount : lastCount + 1;
    },
    asks: asker,
    async unlessInterrupted(waiting) {
      let stop = (): void => {};
      const stopped = new Promise<"interrupted">((resolve) => {
        stop = () => resolve("interrupted");
      });
      waits.add(stop);
      try {
        return await Promise.race([waiting, stopped]);
      } finally {
        waits.delete(stop);
      }
    },
    evaluate: (emitted, silent) =>
      new Promise((resolve) => {
        evaluations.set(emitted.cell, resolve);
        parts.user({ type: "evaluate", emitted, silent });
      }),
    user: parts.user,
    language: parts.language,
    input(value, reply) {
      const request = questions.answered(reply);
      if (request !== undefined) parts.user({ type: "input", request, value });
    },
    interrupt,
    exit: parts.exit,
  };

  const relay = createRelay({ ...parts, publish, origins, questions, comms: kernel.comms });

  status("starting");
  return {
    receive(channel, request) {
      const { msg_type } = request.header;
      const handler = Object.hasOwn(parts.handlers[channel], msg_type) ? parts.handlers[channel][msg_type] : undefined;
      if (handler === undefined) parts.log(`${channel}: nothing answers ${msg_type}`);
      const subshell = channel === "shell" ? subshellOf(request) : undefined;
      // Comm messages have no reply that could refuse them, and their subshell may have been deleted on control just before.
      const lost = subshell !== undefined && !shells.has(subshell) && msg_type.endsWith("_request");
      if (lost) void serve({ channel, request, handler: { handle: () => unknownSubshell(subshell) } });
      else if (handler?.serial === true) shells.queue({ channel, request, handler }, subshell);
      else void serve({ channel, request, handler });
    },
    fromUser(message) {
      if (message.type === "inspected") asker.answer(message);
      else if (message.type === "done") {
        questions.ended(message.cell);
        evaluations.get(message.cell)?.(message);
        evaluations.delete(message.cell);
      } else if (message.type === "comm-heard") {
        hearing.get(message.cell)?.();
        hearing.delete(message.cell);
      } else if (message.type !== "ready") relay(message);
    },
    fromLanguage(message) {
      if (message.type !== "ready") asker.answer(message);
    },
    languageLost: asker.lost,
    interrupt,
  };
}

function subshellOf({ header }: Message): string | undefined {
  return typeof header.subshell_id === "string" ? header.subshell_id : undefined;
}

/**
 * Lets in what clients sent before they can have seen the reply to come: an error aborts that too, as in ipykernel. Two turns
 * of the event loop, because the first one may begin after the sockets were looked at.
 */
async function arrivals(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
