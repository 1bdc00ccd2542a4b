import { pathToFileURL } from "node:url";
import type { Breakable, EmittedCell } from "../threads.js";
import type { Json } from "../wire/message.js";
import { type Cells, isCellPath, pathOf, urlOf } from "./cells.js";
import { type Arguments, DebugError } from "./dap.js";
import type { DevTools } from "./devtools.js";
import { LineMap } from "./line-map.js";
import { literally, type Script, type Scripts } from "./scripts.js";
import { readSource } from "./sources.js";

/** A breakpoint as the front end set it (Debug Adapter Protocol, "SourceBreakpoint"). */
export interface Breakpoint {
  readonly id: number;
  readonly path: string;
  /** Where it stands, which may not be where it was asked for; counts from 0. Undefined: nowhere. */
  readonly place: { readonly line: number; readonly column: number } | undefined;
  readonly requested: number;
  readonly condition?: string;
  /** `5`, `>= 5`, `% 5`: which hits count. */
  readonly hitCondition?: string;
  /** Printed instead of stopping; `{x}` is evaluated. */
  readonly logMessage?: string;
  hits: number;
}

/** How V8 is told which scripts are meant, those that come later included. */
interface ScriptName {
  readonly url?: string;
  readonly urlRegex?: string;
}

type Bound = ScriptName & { readonly breakpoint: Breakpoint };

/** What breakpoints stand on. */
export interface BreakpointParts {
  readonly tools: DevTools;
  readonly cells: Cells;
  readonly scripts: Scripts;
  breakables(code: string): Promise<readonly Breakable[]>;
}

/** The breakpoints of all sources; they are told to V8 for every script that comes from such a source. */
export class Breakpoints {
  readonly #parts: BreakpointParts;
  readonly #byPath = new Map<string, readonly Breakpoint[]>();
  /** By the id that V8 gave. */
  readonly #bound = new Map<string, Bound>();
  #lastId = 0;

  constructor(parts: BreakpointParts) {
    this.#parts = parts;
  }

  /** Replaces the breakpoints of a source. Throws DebugError when there is no such source. */
  async set(path: string, wanted: readonly Arguments[]): Promise<readonly Breakpoint[]> {
    const { cells, scripts } = this.#parts;
    const places = wanted.length === 0 ? [] : await this.#parts.breakables(await readSource(path, cells));
    const set = wanted.map((each) => this.#make(path, each, places));
    await this.#unbind(({ breakpoint }) => breakpoint.path === path);
    if (set.length === 0) this.#byPath.delete(path);
    else this.#byPath.set(path, set);
    for (const { url, map } of scripts.at(path)) if (map) await this.#bind({ url }, map, set);
    // Without a map the place is known before the file is loaded; whatever a reload hangs on its URL.
    if (!isCellPath(path) && !scripts.isMapped(path)) {
      await this.#bind({ urlRegex: `^${literally(pathToFileURL(path).href)}(\\?.*)?$` }, undefined, set);
    }
    return set;
  }

  /** For `debugInfo`: lines count from 1. */
  get all(): Json[] {
    return [...this.#byPath].map(([source, set]) => ({
      source,
      breakpoints: set.map(({ place, requested, condition, hitCondition, logMessage }) => ({
        line: place ? place.line + 1 : requested,
        ...defined({ condition, hitCondition, logMessage }),
      })),
    }));
  }

  /** Some are in files, whose JavaScript may be known only when it is loaded. */
  get inFiles(): boolean {
    return [...this.#byPath.keys()].some((path) => !isCellPath(path));
  }

  /** A cell is about to run; undefined when there is nothing to wait for. */
  before(cell: EmittedCell): Promise<void> | undefined {
    const url = urlOf(cell.count);
    const stale = [...this.#bound.values()].some((bound) => bound.url === url);
    const set = this.#byPath.get(pathOf(cell.code));
    if (!stale && !set) return undefined;
    return this.#unbind((bound) => bound.url === url).then(() => {
      const map = new LineMap(() => cell.map);
      return this.#bind({ url }, map, set ?? []);
    });
  }

  /** A file's script with a map was loaded and has not run yet. */
  async loaded({ path, url, map }: Script): Promise<void> {
    const set = this.#byPath.get(path);
    if (!set || !map) return;
    await this.#unbind(({ breakpoint, urlRegex }) => breakpoint.path === path && urlRegex !== undefined);
    await this.#bind({ url }, map, set);
  }

  /** The breakpoints that V8 names. */
  hit(ids: readonly string[]): Breakpoint[] {
    return ids.flatMap((id) => this.#bound.get(id)?.breakpoint ?? []);
  }

  #make(path: string, wanted: Arguments, places: readonly Breakable[]): Breakpoint {
    this.#lastId += 1;
    const requested = wanted.number("line");
    return {
      id: this.#lastId,
      path,
      requested,
      place: placeFor(requested - 1, places),
      ...defined({
        condition: wanted.optionalText("condition"),
        hitCondition: hitCondition(wanted.optionalText("hitCondition")),
        logMessage: wanted.optionalText("logMessage"),
      }),
      hits: 0,
    };
  }

  async #bind(script: ScriptName, map: LineMap | undefined, set: readonly Breakpoint[]): Promise<void> {
    for (const breakpoint of set) {
      const { place } = breakpoint;
      const generated = place && map ? map.generated(place) : place;
      if (!generated) continue;
      const location = { ...script, lineNumber: generated.line, columnNumber: generated.column };
      try {
        const { breakpointId } = await this.#parts.tools.ask<{ breakpointId: string }>(
          "Debugger.setBreakpointByUrl",
          location,
        );
        this.#bound.set(breakpointId, { ...script, breakpoint });
      } catch (error) {
        // Two that were moved to the same place are one.
        if (!(error instanceof DebugError) || !error.message.includes("already exists")) throw error;
      }
    }
  }

  async #unbind(gone: (bound: Bound) => boolean): Promise<void> {
    for (const [breakpointId, bound] of [...this.#bound]) {
      if (!gone(bound)) continue;
      this.#bound.delete(breakpointId);
      await this.#parts.tools.ask("Debugger.removeBreakpoint", { breakpointId });
    }
  }
}

/** Where a breakpoint on a line goes: to what starts there, else to what the line is part of, else to what comes next. */
function placeFor(line: number, places: readonly Breakable[]): Breakpoint["place"] {
  const exact = places.find((place) => place.line === line);
  const around = places.findLast((place) => place.line < line && line <= place.end);
  const next = places.find((place) => place.line > line);
  const found = exact ?? (around?.simple ? around : next);
  return found && { line: found.line, column: found.column };
}

function hitCondition(text: string | undefined): string | undefined {
  if (text === undefined || countsHit(text, 1) !== undefined) return text;
  throw new DebugError(`setBreakpoints: expected hitCondition, like "5", ">= 5" or "% 5", got ${JSON.stringify(text)}`);
}

/** Does this hit count, by its condition? Undefined for a condition that says nothing. */
export function countsHit(condition: string, hits: number): boolean | undefined {
  const [, operator = "", digits] = /^\s*(==?|>=?|<=?|%)?\s*(\d+)\s*$/.exec(condition) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  if (operator === "%") return number > 0 && hits % number === 0;
  if (operator === ">") return hits > number;
  if (operator === "<") return hits < number;
  if (operator === "<=") return hits <= number;
  return operator === ">=" ? hits >= number : hits === number;
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
