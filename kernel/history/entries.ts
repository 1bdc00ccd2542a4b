/** One cell that ran: its number, its text and the text of its result. */
export interface Entry {
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/** A line of a history file: a cell, or later on the result of that cell. */
export type Written = Pick<Entry, "line" | "input"> | Pick<Entry, "line" | "output">;

const most = 10_000;
const mostCharacters = 4 << 20;
const longestInput = 1 << 20;
const longestOutput = 10_000;

/** The cells of one session, oldest first: the last 10,000, and of those at most 4 million characters. */
export class Entries {
  readonly #all: Entry[] = [];
  #characters = 0;

  /** Reads what was written; a line that is torn or no record is left out. */
  static parse(text: string): Entries {
    const entries = new Entries();
    for (const line of text.split("\n")) {
      const written = parseLine(line);
      if (written !== undefined) entries.write(written);
    }
    return entries;
  }

  get all(): readonly Entry[] {
    return this.#all;
  }

  /**
   * Remembers a cell of at most 1 million characters, or a result, cut at 10,000.
   *
   * @returns what to write down, undefined when it is not remembered; `dropped`: the oldest had to make room
   */
  write(written: Written): { readonly kept?: Written; readonly dropped: boolean } {
    if ("output" in written) return { ...this.#answer(written), dropped: false };
    if (written.input.length > longestInput) return { dropped: false };
    this.#all.push({ line: written.line, input: written.input, output: null });
    this.#characters += written.input.length;
    const dropped = this.#all.length > most || this.#characters > mostCharacters;
    // Half of it at once, because the file is written anew each time.
    if (dropped) for (const entry of this.#all.splice(0, this.#all.length >> 1)) this.#characters -= sizeOf(entry);
    return { kept: written, dropped };
  }

  #answer({ line, output }: Pick<Entry, "line" | "output">): { readonly kept?: Written } {
    const index = this.#all.findLastIndex((entry) => entry.line === line);
    const entry = this.#all[index];
    if (entry === undefined || output === null) return {};
    const cut = output.length > longestOutput ? `${output.slice(0, longestOutput)}…` : output;
    this.#all[index] = { ...entry, output: cut };
    this.#characters += cut.length;
    return { kept: { line, output: cut } };
  }
}

/** The lines from which {@link Entries.parse} makes these entries again. */
export function textOf(entries: readonly Entry[]): string {
  return entries
    .flatMap(({ line, input, output }) => [{ line, input }, ...(output === null ? [] : [{ line, output }])])
    .map((written) => `${JSON.stringify(written)}\n`)
    .join("");
}

function sizeOf({ input, output }: Entry): number {
  return input.length + (output?.length ?? 0);
}

function parseLine(text: string): Written | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { line, input, output } = value as Record<string, unknown>;
  if (!Number.isInteger(line)) return undefined;
  if (typeof input === "string") return { line: line as number, input };
  return typeof output === "string" ? { line: line as number, output } : undefined;
}
