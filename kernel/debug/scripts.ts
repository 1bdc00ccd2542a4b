import type { Debugger } from "node:inspector";
import { fileURLToPath } from "node:url";
import { type Cells, pathOf } from "./cells.js";
import { LineMap, type Place } from "./line-map.js";

/** A place as the front end names it; line and column count from 0. */
export interface SourcePlace extends Place {
  readonly path: string;
}

/** A script that V8 has loaded. */
export interface Script {
  readonly id: string;
  readonly url: string;
  /** What the front end calls it: the cell's path, or the file's. */
  readonly path: string;
  /** The number in `In [n]` of a cell. */
  readonly count?: number;
  /** Back to what the user wrote; without it he wrote the script itself. */
  readonly map: LineMap | undefined;
}

const ownFolder = new URL("..", import.meta.url).href;

/** V8's regular expressions for what no step shall enter and no exception shall stop in: Node and the kernel. */
export const ownScripts = ["^node:", `^${literally(ownFolder)}`, `^${literally(fileURLToPath(ownFolder))}`];

/** Scripts of cells that are remembered while a debugger is attached. */
const mostCells = 4096;

/** What V8 has loaded, without Node and the kernel itself. */
export class Scripts {
  readonly #cells: Cells;
  readonly #scripts = new Map<string, Script>();
  /** Those of cells, oldest first: V8 does not tell when it lets one go. */
  readonly #cellScripts: string[] = [];
  readonly #own = ownScripts.map((pattern) => new RegExp(pattern));

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /** A script was compiled; undefined for what is nobody's business. */
  parsed({ scriptId, url, sourceMapURL }: Debugger.ScriptParsedEventDataType): Script | undefined {
    const known = this.#scripts.get(scriptId);
    if (known || url === "" || this.#own.some((pattern) => pattern.test(url))) return known;
    const script = this.#cell(scriptId, url) ?? this.#file(scriptId, url, sourceMapURL);
    if (script) this.#scripts.set(scriptId, script);
    if (script?.count !== undefined) this.#cellScripts.push(scriptId);
    if (this.#cellScripts.length > mostCells) this.#scripts.delete(this.#cellScripts.shift() as string);
    return script;
  }

  get(id: string): Script | undefined {
    return this.#scripts.get(id);
  }

  /** All scripts that came from that path: a cell that ran twice, a file that was loaded again. */
  at(path: string): Script[] {
    return [...this.#scripts.values()].filter((script) => script.path === path);
  }

  /** Is what V8 runs of a file another text than the file's? A guess until it is loaded. */
  isMapped(path: string): boolean {
    const [loaded] = this.at(path);
    if (loaded) return loaded.map !== undefined;
    return /\.(?:[cm]?tsx?|jsx|mjs)$/.test(path) && !path.includes("/node_modules/");
  }

  /** Files, each once, in the order in which they were loaded. */
  files(): string[] {
    return [...new Set([...this.#scripts.values()].filter(({ count }) => count === undefined).map(({ path }) => path))];
  }

  /** Where V8's location lies in what the user wrote; undefined in what he did not. */
  source({ scriptId, lineNumber, columnNumber = 0 }: Debugger.Location): SourcePlace | undefined {
    const script = this.#scripts.get(scriptId);
    if (!script) return undefined;
    const place = { line: lineNumber, column: columnNumber };
    const found = script.map ? script.map.original(place) : place;
    return found && { path: script.path, ...found };
  }

  #cell(id: string, url: string): Script | undefined {
    const cell = this.#cells.byUrl(url);
    return cell && { id, url, path: pathOf(cell.code), count: cell.count, map: new LineMap(() => cell.map) };
  }

  #file(id: string, url: string, mapUrl: string | undefined): Script | undefined {
    const path = filePath(url);
    if (path === undefined) return undefined;
    // The kernel writes a map into each file that it compiles; maps of packages lead to files that came not with them.
    const own = path.includes("/node_modules/") ? undefined : mapUrl;
    const inline = /^data:application\/json[^,]*;base64,(.*)$/s.exec(own ?? "");
    const map = inline ? new LineMap(() => Buffer.from(inline[1] ?? "", "base64").toString()) : undefined;
    return { id, url, path, map };
  }
}

function filePath(url: string): string | undefined {
  if (url.startsWith("/")) return url;
  if (!url.startsWith("file:")) return undefined;
  try {
    const { pathname } = new URL(url);
    return fileURLToPath(`file://${pathname}`);
  } catch {
    return undefined;
  }
}

/** A text for a regular expression that means itself. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
