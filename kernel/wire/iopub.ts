import { isUtf8 } from "node:buffer";
import { setTimeout as sleep } from "node:timers/promises";
import type { XPublisher } from "zeromq";
import { child, encode, type Message } from "./message.js";
import type { Signer } from "./signature.js";

/** The way out to all who listen: nothing is lost while they read, and none of them can stop the kernel for good. */
export interface Iopub {
  /** Resolves when the socket took the message; waits while a reader is slow. */
  publish(message: Message): Promise<void>;
  close(): void;
}

export interface IopubOptions {
  readonly socket: XPublisher;
  readonly signer: Signer;
  log(text: string): void;
  /** After so many milliseconds without room the kernel stops waiting for a reader that takes nothing. */
  readonly stalled?: number;
}

/** What was published while a reader took nothing. */
interface Missed {
  readonly first: Message;
  messages: number;
  bytes: number;
  /** A front end that comes back without these would show its cells as running for ever. */
  readonly statuses: Message[];
}

/** How often, in ms, a full socket is tried again. */
const tick = 2;
/** How often, in ms, the kernel looks whether a reader that took nothing is back. */
const probe = 200;
/** Nobody makes the kernel wait while one reader takes nothing: it sends so many bytes a ms, that the others can follow. */
const pace = 8192;
const statusesKept = 1000;
/** Welcomes that may be owed at once; who subscribes to more topics than that in one moment gets no welcome for the rest. */
const welcomesOwed = 64;

/**
 * Publishes on a socket made with `noDrop` and `sendTimeout: 0`: it rejects with EAGAIN, for zeromq cannot poll a publisher for
 * room. A reader that takes nothing for `stalled` ms (10,000) loses what is published from then on, until it
 * reads again: it is told, in the first cell whose output it lost, how much that was, and gets the statuses that it missed.
 * Every subscription is answered by an `iopub_welcome` (JEP 65).
 */
export function createIopub({ socket, signer, log, stalled = 10_000 }: IopubOptions): Iopub {
  const owed = new Set<string>();
  let missed: Missed | undefined;
  let debt = 0;
  let closed = false;
  let turn: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work, work);
    return turn;
  };

  let waits = true;
  const setWaits = (value: boolean): void => {
    if (waits === value) return;
    waits = value;
    setNoDrop(socket, value);
  };

  /** Whether the socket took the message at once; with `all`, only if every reader has room for it. */
  const take = async (frames: Uint8Array[], all: boolean): Promise<boolean> => {
    setWaits(all);
    try {
      await socket.send(frames);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      throw error;
    }
  };

  const deliver = async (message: Message): Promise<void> => {
    const frames = framesOf(message, signer);
    const start = performance.now();
    while (missed === undefined && !closed) {
      if (await take(frames, true)) return;
      if (performance.now() - start > stalled) {
        log("iopub: a reader takes nothing; it loses messages until it reads again");
        missed = { first: message, messages: 0, bytes: 0, statuses: [] };
        setTimeout(look, probe).unref();
      } else await sleep(tick);
    }
    if (missed === undefined || closed) return;
    if (await recovered(missed)) return deliver(message);
    await take(frames, false);
    count(missed, message, frames);
    debt += frames.reduce((sum, frame) => sum + frame.byteLength, 0) / pace;
    if (debt < 5) return;
    await sleep(debt);
    debt = 0;
  };

  /** Tells what was missed as soon as every reader has room again. */
  const recovered = async (stretch: Missed): Promise<boolean> => {
    if (!(await take(framesOf(notice(stretch, stalled), signer), true))) return false;
    missed = undefined;
    log("iopub: the reader is back");
    for (const status of stretch.statuses) await deliver(status);
    return true;
  };

  const look = (): void => {
    void inTurn(async () => {
      if (missed === undefined || closed || (await recovered(missed))) return;
      setTimeout(look, probe).unref();
    });
  };

  const welcome = (subscription: string): void => {
    if (owed.has(subscription) || owed.size >= welcomesOwed) return;
    owed.add(subscription);
    void inTurn(async () => {
      owed.delete(subscription);
      await deliver(child(undefined, "iopub_welcome", { subscription }));
    }).catch(() => {});
  };

  const listen = async (): Promise<void> => {
    for await (const [frame] of socket) {
      if (frame?.[0] === 1 && frame.byteLength <= 256 && isUtf8(frame)) welcome(frame.subarray(1).toString());
    }
  };
  void listen();

  return {
    publish: (message) => inTurn(() => deliver(message)),
    close() {
      closed = true;
      socket.close();
    },
  };
}

/** libzmq heeds the option at once, also on a bound socket; its binding for Node warns that it does not. */
function setNoDrop(socket: XPublisher, value: boolean): void {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    socket.noDrop = value;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function framesOf(message: Message, signer: Signer): Uint8Array[] {
  const { msg_type } = message.header;
  // A welcome must reach those who listen to that topic only.
  const topic = msg_type === "iopub_welcome" ? String(message.content.subscription) || msg_type : msg_type;
  return encode(message, signer, [Buffer.from(topic)]);
}

function count(missed: Missed, message: Message, frames: readonly Uint8Array[]): void {
  missed.messages += 1;
  missed.bytes += frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  if (message.header.msg_type === "status") missed.statuses.push(message);
  if (missed.statuses.length > statusesKept) missed.statuses.shift();
}

function notice({ first, messages, bytes }: Missed, stalled: number): Message {
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const text = `nabla: a front end read nothing for ${stalled / 1000} s and missed ${messages.toLocaleString("en")} messages (${size}). If output is missing here, run the cell again.\n`;
  const message = child(undefined, "stream", { name: "stderr", text });
  return { ...message, parent_header: first.parent_header };
}
