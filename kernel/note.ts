import { fstatSync, readSync, writeSync } from "node:fs";
import type { Handler, Handlers } from "./session.js";
import type { Header, Message, Origin } from "./wire/message.js";

/** The descriptor on which the supervisor shares a file without a name. */
export const noteFile = 3;

/** A cell as somebody who never saw the request can answer it. */
interface NotedCell {
  /** In base64. */
  readonly identities: readonly string[];
  readonly header: Header;
  readonly count: number;
  readonly running: boolean;
}

/** What the supervisor has to know when the kernel dies. */
export interface Noted {
  /** The mark of the processes that cells have started. */
  readonly mark: string;
  /** The cells that run; when none does, the last one. */
  readonly cells: readonly NotedCell[];
  /** What the kernel itself knew about its end. */
  readonly reason?: string;
}

/** Keeps {@link Noted} true, for the case that this process dies. */
export interface Note {
  begun(request: Message, count: number): void;
  ended(request: Message): void;
  /** The kernel ends itself right now, and that is why. */
  dying(reason: string): void;
  /** From now on the end of the process is wanted. */
  close(): void;
}

/** Keeps the note in an open file; without one, nowhere. */
export function keepNote(file: number | undefined, mark: string): Note {
  const cells = new Map<string, NotedCell>();
  let closed = false;
  const write = (text: string): void => {
    try {
      // In one go, and never in between: the process may die at any time. What was longer before goes on behind the line.
      if (!closed && file !== undefined) writeSync(file, `${text}\n`, 0);
    } catch {
      // The disk is full: a death would go unexplained, which is no reason to die.
      closed = true;
    }
  };
  const say = (reason?: string): void =>
    write(JSON.stringify({ mark, cells: [...cells.values()], ...(reason === undefined ? {} : { reason }) }));
  say();
  return {
    begun({ identities, header }, count) {
      for (const [id, { running }] of cells) if (!running) cells.delete(id);
      const named = identities.map((identity) => Buffer.from(identity).toString("base64"));
      cells.set(header.msg_id, { identities: named, header, count, running: true });
      say();
    },
    ended({ header: { msg_id } }) {
      const cell = cells.get(msg_id);
      if (cells.size > 1) cells.delete(msg_id);
      else if (cell !== undefined) cells.set(msg_id, { ...cell, running: false });
      say();
    },
    dying: say,
    close() {
      write("");
      closed = true;
    },
  };
}

/** Handlers of which those that run cells note when they begin and end. */
export function noting(handlers: Handlers, note: Note): Handlers {
  const { execute_request: execute } = handlers.shell;
  if (execute === undefined) return handlers;
  const noted: Handler = {
    ...execute,
    async handle(request, kernel) {
      note.begun(request, kernel.count(false));
      try {
        return await execute.handle(request, kernel);
      } finally {
        note.ended(request);
      }
    },
  };
  return { ...handlers, shell: { ...handlers.shell, execute_request: noted } };
}

/** Reads a note; undefined when there is none, or when its writer died while it wrote. */
export function readNote(file: number): Noted | undefined {
  try {
    const bytes = Buffer.alloc(fstatSync(file).size);
    readSync(file, bytes, 0, bytes.length, 0);
    return JSON.parse(bytes.toString().split("\n", 1)[0] as string) as Noted;
  } catch {
    return undefined;
  }
}

/** Whom to answer, and what: a noted cell's request. */
export function originOf({ identities, header }: NotedCell): Origin {
  return { identities: identities.map((identity) => Buffer.from(identity, "base64")), header };
}
