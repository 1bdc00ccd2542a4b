import type { Message } from "./message.js";

/** The outgoing messages of one socket, in the order they were posted. */
export interface Outbox {
  /** `weight` is handed to `taken` once the socket took the message. */
  post(message: Message, weight?: number): void;
  /** Resolves when everything posted so far was taken. */
  drain(): Promise<void>;
}

/** Where an outbox leads. */
export interface OutboxOptions {
  send(message: Message): Promise<void>;
  taken?(weight: number): void;
  log(text: string): void;
  /** Milliseconds that a stream message waits for more text of its cell. */
  patience?: number;
}

interface Letter {
  message: Message;
  weight: number;
}

/** A front end gets text in pieces of at most about this many characters. */
const longest = 1 << 16;

/**
 * Makes an outbox. Consecutive stream messages of one cell and name become one: text waits for up to `patience` ms (20), but
 * never when something else stands behind it, so that order is kept and a cell's idle cannot overtake its output.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const queue: Letter[] = [];
  const drained: (() => void)[] = [];
  let sending = false;
  let timer: NodeJS.Timeout | undefined;

  const ripe = (): boolean => {
    const first = queue[0];
    if (first === undefined) return false;
    if (queue.length > 1 || drained.length > 0 || first.message.header.msg_type !== "stream") return true;
    return timer === undefined || textOf(first.message).length >= longest;
  };

  const pump = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    while (ripe()) {
      clearTimeout(timer);
      timer = undefined;
      const letter = queue.shift() as Letter;
      try {
        await options.send(letter.message);
      } catch (error) {
        options.log(`lost a ${letter.message.header.msg_type} message: ${String(error)}`);
      }
      options.taken?.(letter.weight);
      // A stream that became first meanwhile gets its own time to grow.
      if (queue.length === 1) wait();
    }
    sending = false;
    if (queue.length === 0) for (const resolve of drained.splice(0)) resolve();
  };

  const wait = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void pump();
    }, options.patience ?? 20);
  };

  return {
    post(message, weight = 0) {
      const last = queue.at(-1);
      if (last !== undefined && continues(last.message, message)) {
        last.message = joined(last.message, message);
        last.weight += weight;
      } else {
        queue.push({ message, weight });
        if (queue.length === 1 && message.header.msg_type === "stream") wait();
      }
      void pump();
    },
    drain: () =>
      new Promise((resolve) => {
        drained.push(resolve);
        void pump();
      }),
  };
}

function textOf(message: Message): string {
  return String(message.content.text);
}

function continues(first: Message, next: Message): boolean {
  return (
    first.header.msg_type === "stream" &&
    next.header.msg_type === "stream" &&
    first.content.name === next.content.name &&
    first.parent_header.msg_id === next.parent_header.msg_id &&
    textOf(first).length < longest
  );
}

function joined(first: Message, next: Message): Message {
  return { ...first, content: { name: first.content.name, text: textOf(first) + textOf(next) } };
}
