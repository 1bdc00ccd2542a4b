import { SourceMap, type SourceMapPayload } from "node:module";

/** A place in a text; line and column count from 0, columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

interface Entry {
  readonly generatedLine: number;
  readonly generatedColumn: number;
  readonly originalLine: number;
  readonly originalColumn: number;
}

/** A source map (revision 3) read both ways. */
export class LineMap {
  readonly #json: () => string;
  #parsed: SourceMap | undefined;
  #byLine: Map<number, Entry[]> | undefined;

  /** Most maps are never read: `json` is called when this one is. */
  constructor(json: () => string) {
    this.#json = json;
  }

  /** Where generated code comes from; undefined for what the user never wrote. */
  original({ line, column }: Place): Place | undefined {
    const entry = this.#find(line, column);
    return entry && { line: entry.originalLine, column: entry.originalColumn };
  }

  /**
   * Where the code of a place in the source stands, else the first that its line gave. What a rewriting hoisted has the
   * same origin as what it left behind: the last one counts.
   */
  generated({ line, column }: Place): Place | undefined {
    this.#byLine ??= this.#read();
    const entries = this.#byLine.get(line) ?? [];
    const first = Math.min(...entries.map(({ originalColumn }) => originalColumn));
    const exact = entries.findLast(({ originalColumn }) => originalColumn === column);
    const found = exact ?? entries.findLast(({ originalColumn }) => originalColumn === first);
    return found && { line: found.generatedLine, column: found.generatedColumn };
  }

  #find(line: number, column: number): Entry | undefined {
    this.#parsed ??= new SourceMap(JSON.parse(this.#json()) as SourceMapPayload);
    const entry = this.#parsed.findEntry(line, column);
    return "originalLine" in entry ? entry : undefined;
  }

  /** Node reads source maps in one direction only: walk it backwards from the end. */
  #read(): Map<number, Entry[]> {
    const byLine = new Map<number, Entry[]>();
    let entry = this.#find(Number.MAX_SAFE_INTEGER, 0);
    while (entry) {
      const { originalLine, generatedLine, generatedColumn } = entry;
      byLine.set(originalLine, [entry, ...(byLine.get(originalLine) ?? [])]);
      const before =
        generatedColumn > 0
          ? this.#find(generatedLine, generatedColumn - 1)
          : this.#find(generatedLine - 1, Number.MAX_SAFE_INTEGER);
      entry = before && precedes(before, entry) ? before : undefined;
    }
    return byLine;
  }
}

function precedes(a: Entry, b: Entry): boolean {
  return (
    a.generatedLine < b.generatedLine || (a.generatedLine === b.generatedLine && a.generatedColumn < b.generatedColumn)
  );
}
