import { isUtf8 } from "node:buffer";
import type { XPublisher } from "zeromq";
import { child, encode, type Message } from "./message.js";
import { Reader } from "./reader.js";
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

/**
 * Topics of their own for so many readers of one subscription; more of them share. zeromq does not say who has left, and a
 * topic that nobody hears any more still costs a few microseconds a message.
 */
const tags = 8;
/** Different subscriptions times tags; front ends use one, the empty one. */
const readersKept = 64;
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
  const readers = new Map<string, Reader>();
  /** Those that were not welcomed yet. */
  const owed = new Set<Reader>();
  let subscribers = 0;
  let turn: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work, work);
    return turn;
  };
  const parts = { socket, signer, log, stalled, inTurn };

  const welcome = (subscription: string): void => {
    const topic = `${subscription}#${subscribers % tags}#`;
    const reader = readers.get(topic) ?? new Reader(subscription, topic, parts);
    if (owed.has(reader) || (readers.size >= readersKept && !readers.has(topic))) return;
    subscribers += 1;
    readers.set(topic, reader);
    if (!set(socket, grant, topic)) return;
    owed.add(reader);
    void inTurn(async () => {
      owed.delete(reader);
      const message = child(undefined, "iopub_welcome", { subscription });
      await reader.give(message, encode(message, signer, []));
    });
  };

  const farewell = (subscription: string): void => {
    for (const [topic, reader] of readers) if (reader.subscription === subscription) set(socket, withdraw, topic);
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
        for (const reader of readers.values()) {
          if (message.header.msg_type.startsWith(reader.subscription)) await reader.give(message, frames);
        }
      }),
    readers: () => readers.size,
    close: () => socket.close(),
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
