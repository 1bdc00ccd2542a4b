import type { HistoryRequest } from "../protocol/history.js";
import { Entries, type Entry, textOf, type Written } from "./entries.js";
import { matches } from "./glob.js";
import { openStore, type Session } from "./store.js";

/** `[session, line, input]`, or `[session, line, [input, output]]` when outputs were asked for. */
export type HistoryItem = readonly [number, number, string | readonly [string, string | null]];

/** The cells that ran, in this kernel and in earlier ones. */
export interface History {
  add(line: number, input: string): void;
  /** Remembers the result of the newest cell with that number. */
  answer(line: number, output: string): void;
  find(request: HistoryRequest): Promise<HistoryItem[]>;
  /** Resolves when all is on disk. */
  flush(): Promise<void>;
}

/** Where a history is kept beyond the kernel's life. */
export interface HistoryPlace {
  readonly folder: string;
  log(text: string): void;
}

/** A history in a folder, with the sessions that are there; without one, in memory. */
export function createHistory(place?: HistoryPlace): History {
  const store = place && openStore(place.folder, place.log);
  const own = new Entries();

  const write = (written: Written): void => {
    const { kept, dropped } = own.write(written);
    if (dropped) store?.replace(textOf(own.all));
    else if (kept !== undefined) store?.append(`${JSON.stringify(kept)}\n`);
  };

  const sessions = async (): Promise<readonly Session[]> => {
    const number = (await store?.number()) ?? 1;
    const others = (await store?.others()) ?? [];
    return [...others, { number, entries: own.all }].sort((a, b) => a.number - b.number);
  };

  const select = async (request: HistoryRequest): Promise<readonly Numbered[]> => {
    switch (request.access) {
      case "tail":
        return last((await sessions()).flatMap(numbered), request.n);
      case "range": {
        const now = (await store?.number()) ?? 1;
        // As in IPython: 0 is this session, and a negative number counts back from it.
        const wanted = request.session > 0 ? request.session : now + request.session;
        const found = wanted === now ? { number: now, entries: own.all } : (await sessions()).find(is(wanted));
        const lines = found === undefined ? [] : numbered(found);
        return lines.filter(({ line }) => line >= request.start && line < request.stop);
      }
      case "search": {
        const found = (await sessions()).flatMap(numbered).filter(({ input }) => matches(input, request.pattern));
        const newest = new Map(found.map((entry) => [entry.input, entry]));
        return last(request.unique ? found.filter((entry) => newest.get(entry.input) === entry) : found, request.n);
      }
    }
  };

  return {
    add: (line, input) => write({ line, input }),
    answer: (line, output) => write({ line, output }),
    async find(request) {
      const found = await select(request);
      return found.map(({ session, line, input, output }) => [session, line, request.output ? [input, output] : input]);
    },
    flush: async () => store?.flush(),
  };
}

interface Numbered extends Entry {
  readonly session: number;
}

function numbered({ number, entries }: Session): Numbered[] {
  return entries.map((entry) => ({ session: number, ...entry }));
}

function is(wanted: number): (session: Session) => boolean {
  return ({ number }) => number === wanted;
}

function last<T>(entries: readonly T[], n: number): readonly T[] {
  return entries.slice(Math.max(0, entries.length - n));
}
