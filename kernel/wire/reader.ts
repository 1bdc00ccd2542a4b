import { setTimeout as sleep } from "node:timers/promises";
import type { XPublisher } from "zeromq";
import { child, encode, type Message } from "./message.js";
import type { Signer } from "./signature.js";

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
const statusesKept = 1000;

/** What all readers of a socket share. */
export interface ReaderParts {
  readonly socket: XPublisher;
  readonly signer: Signer;
  log(text: string): void;
  /** After so many milliseconds without room the kernel stops waiting for a reader. */
  readonly stalled: number;
  /** Work that must not come between the sendings of others. */
  inTurn(work: () => Promise<void>): Promise<void>;
}

/** Who hears what begins with `subscription`, under a topic of its own, by which zeromq tells whether there is room for it. */
export class Reader {
  readonly subscription: string;
  readonly #topic: Buffer;
  readonly #parts: ReaderParts;
  #missed: Missed | undefined;

  constructor(subscription: string, topic: string, parts: ReaderParts) {
    this.subscription = subscription;
    this.#topic = Buffer.from(topic);
    this.#parts = parts;
  }

  /** Gives it a message, and waits while there is no room, but not for ever. `frames`: the message, encoded without a topic. */
  async give(message: Message, frames: readonly Uint8Array[]): Promise<void> {
    const { log, stalled, socket } = this.#parts;
    if (this.#missed !== undefined && !(await this.#isBack(this.#missed))) {
      count(this.#missed, message, frames);
      return;
    }
    const start = performance.now();
    while (!socket.closed && !(await this.#take(frames))) {
      if (performance.now() - start > stalled) {
        log("iopub: a reader takes nothing; it loses messages until it reads again");
        this.#missed = { first: message, messages: 0, bytes: 0, statuses: [] };
        count(this.#missed, message, frames);
        this.#look();
        return;
      }
      await sleep(tick);
    }
  }

  /** Whether there was room for the frames. */
  async #take(frames: readonly Uint8Array[]): Promise<boolean> {
    try {
      await this.#parts.socket.send([this.#topic, ...frames]);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      throw error;
    }
  }

  /** Whether it has room again after it took nothing; then it has been told. */
  async #isBack(missed: Missed): Promise<boolean> {
    const { socket, signer, stalled } = this.#parts;
    if (socket.closed || !(await this.#take(encode(notice(missed, stalled), signer, [])))) return false;
    this.#missed = undefined;
    for (const status of missed.statuses) await this.give(status, encode(status, signer, []));
    return true;
  }

  #look(): void {
    const again = async (): Promise<void> => {
      if (this.#missed === undefined || this.#parts.socket.closed || (await this.#isBack(this.#missed))) return;
      this.#look();
    };
    setTimeout(() => void this.#parts.inTurn(again), probe).unref();
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
