import { isUtf8 } from "node:buffer";
import { setTimeout as sleep } from "node:timers/promises";
import type { XPublisher } from "zeromq";
import { child, encode, type Message } from "./message.js";
import type { Signer } from "./signature.js";

/** The way out to all who listen: nothing is lost while they read, and none of them can stop the kernel for good. */
export interface Iopub {
  /** Resolves when the socket took the message; waits while a reader is slow. */
  publish(message: Message): Promise<void>;
  /** How many subscriptions came, at most: zeromq does not say who has left. */
  readers(): number;
  close(): void;
}

/** What iopub stands on. */
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

/** Who hears what begins with `subscription`, under a topic of its own. */
interface Listener {
  readonly subscription: string;
  readonly topic: Buffer;
  missed?: Missed | undefined;
}

/** How often, in ms, a full socket is tried again. */
const tick = 2;
/** How often, in ms, the kernel looks whether a reader that took nothing is back. */
const probe = 200;
const statusesKept = 1000;
/**
 * Topics of their own for so many readers of one subscription; more of them share. zeromq does not say who has left, and a
 * topic that nobody hears any more still costs a few microseconds a message.
 */
const tags = 8;
/** Different subscriptions times tags; front ends use one, the empty one. */
const listenersKept = 64;
/** Options of zmq_setsockopt(3) that the binding names for other sockets only. */
const [grant, withdraw] = [6, 7];

/**
 * Publishes on an XPUB socket made with `manual`, `noDrop` and `sendTimeout: 0`. Each reader is granted a topic of its own
 * instead of what it subscribed to, which is the beginning of that topic. So zeromq tells (EAGAIN) which reader has no room:
 * the kernel waits for that one. When it took nothing for `stalled` ms (10,000), it alone loses what is published until it
 * reads again; then it is told, in the first cell whose output it lost, how much that was, and gets the statuses it missed.
 * Every subscription is answered by an `iopub_welcome` (JEP 65).
 */
export function createIopub({ socket, signer, log, stalled = 10_000 }: IopubOptions): Iopub {
  const listeners = new Map<string, Listener>();
  const owed = new Set<Listener>();
  let subscribers = 0;
  let closed = false;
  let turn: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work, work);
    return turn;
  };

  /** Whether the reader had room for the message. */
  const take = async ({ topic }: Listener, frames: readonly Uint8Array[]): Promise<boolean> => {
    try {
      await socket.send([topic, ...frames]);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      throw error;
    }
  };

  const give = async (listener: Listener, message: Message, frames: readonly Uint8Array[]): Promise<void> => {
    if (listener.missed !== undefined && !(await isBack(listener, listener.missed))) {
      count(listener.missed, message, frames);
      return;
    }
    const start = performance.now();
    while (!closed && !(await take(listener, frames))) {
      if (performance.now() - start > stalled) {
        log("iopub: a reader takes nothing; it loses messages until it reads again");
        listener.missed = { first: message, messages: 0, bytes: 0, statuses: [] };
        count(listener.missed, message, frames);
        look(listener);
        return;
      }
      await sleep(tick);
    }
  };

  /** Whether a reader that took nothing has room again; then it has been told. */
  const isBack = async (listener: Listener, missed: Missed): Promise<boolean> => {
    if (closed || !(await take(listener, encode(notice(missed, stalled), signer, [])))) return false;
    listener.missed = undefined;
    for (const status of missed.statuses) await give(listener, status, encode(status, signer, []));
    return true;
  };

  const look = (listener: Listener): void => {
    const again = async (): Promise<void> => {
      if (listener.missed === undefined || closed || (await isBack(listener, listener.missed))) return;
      look(listener);
    };
    setTimeout(() => void inTurn(again), probe).unref();
  };

  const welcome = (subscription: string): void => {
    const topic = `${subscription}#${subscribers % tags}#`;
    const listener = listeners.get(topic) ?? { subscription, topic: Buffer.from(topic) };
    if (owed.has(listener) || (listeners.size >= listenersKept && !listeners.has(topic))) return;
    subscribers += 1;
    listeners.set(topic, listener);
    if (!set(socket, grant, topic)) return;
    owed.add(listener);
    void inTurn(async () => {
      owed.delete(listener);
      const message = child(undefined, "iopub_welcome", { subscription });
      await give(listener, message, encode(message, signer, []));
    });
  };

  const farewell = (subscription: string): void => {
    for (const [topic, listener] of listeners) if (listener.subscription === subscription) set(socket, withdraw, topic);
  };

  const listen = async (): Promise<void> => {
    for await (const [frame] of socket) {
      if (frame === undefined || frame.byteLength === 0 || frame.byteLength > 200 || !isUtf8(frame)) continue;
      const subscription = frame.subarray(1).toString();
      if (frame[0] === 1) welcome(subscription);
      if (frame[0] === 0) farewell(subscription);
    }
  };
  void listen();

  return {
    publish: (message) =>
      inTurn(async () => {
        const frames = encode(message, signer, []);
        for (const listener of listeners.values()) {
          if (message.header.msg_type.startsWith(listener.subscription)) await give(listener, message, frames);
        }
      }),
    readers: () => listeners.size,
    close() {
      closed = true;
      socket.close();
    },
  };
}

/** Sets an option for the reader whose subscription was received last; false when it has gone meanwhile. */
function set(socket: XPublisher, option: number, topic: string): boolean {
  try {
    (socket as unknown as { setStringOption(option: number, value: string): void }).setStringOption(option, topic);
    return true;
  } catch {
    return false;
  }
}

function count(missed: Missed, message: Message, frames: readonly Uint8Array[]): void {
  missed.messages += 1;
  missed.bytes += frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  if (message.header.msg_type === "status") missed.statuses.push(message);
  if (missed.statuses.length > statusesKept) missed.statuses.shift();
}

function notice({ first, messages, bytes }: Missed, stalled: number): Message {
  const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const text = `nabla: this front end read nothing for ${stalled / 1000} s and missed ${messages} messages (${size}). If output is missing, run the cell again.\n`;
  const message = child(undefined, "stream", { name: "stderr", text });
  return { ...message, parent_header: first.parent_header };
}
