import type { HistoryRequest } from "./protocol/history.js";

/** One cell that ran: its number, its text and the text of its result. */
interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

/** `[session, line, input]`, or `[session, line, [input, output]]` when outputs were asked for. */
export type HistoryItem = readonly [number, number, string | readonly [string, string | null]];

/** The cells that this kernel ran, oldest first. It is session 1; there are no earlier ones. */
export interface History {
  add(line: number, input: string): void;
  /** Remembers the result of the newest cell with that number. */
  answer(line: number, output: string): void;
  find(request: HistoryRequest): HistoryItem[];
}

const session = 1;
const longest = 10_000;

/** An empty history; it keeps the last 10,000 cells. */
export function createHistory(): History {
  const entries: Entry[] = [];
  return {
    add(line, input) {
      entries.push({ line, input, output: null });
      if (entries.length > longest) entries.shift();
    },
    answer(line, output) {
      const entry = entries.findLast((one) => one.line === line);
      if (entry !== undefined) entry.output = output;
    },
    find: (request) =>
      select(entries, request).map(({ line, input, output }) => [
        session,
        line,
        request.output ? [input, output] : input,
      ]),
  };
}

function select(entries: readonly Entry[], request: HistoryRequest): readonly Entry[] {
  switch (request.access) {
    case "tail":
      return last(entries, request.n);
    case "range":
      // 0 is the current session; a negative number counts back from it, and there is nothing there.
      if (request.session !== 0 && request.session !== session) return [];
      return entries.filter(({ line }) => line >= request.start && line < request.stop);
    case "search": {
      const pattern = glob(request.pattern);
      const found = entries.filter(({ input }) => pattern.test(input));
      const newest = new Map(found.map((entry) => [entry.input, entry]));
      return last(request.unique ? found.filter((entry) => newest.get(entry.input) === entry) : found, request.n);
    }
  }
}

function last(entries: readonly Entry[], n: number): readonly Entry[] {
  return entries.slice(Math.max(0, entries.length - n));
}

/** `*` and `?` as in a shell, over the whole text. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  return new RegExp(`^${source}$`);
}
