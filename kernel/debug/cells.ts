import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import type { EmittedCell } from "../threads.js";
import { murmur2 } from "./murmur2.js";

/** A cell that ran or runs: its text and the way back from its JavaScript. */
export type RanCell = Pick<EmittedCell, "count" | "code" | "map">;

/** How front ends name a cell by its text (JupyterLab, "debugInfo"): prefix, hash of the text, suffix. */
export const naming = {
  hashMethod: "Murmur2",
  hashSeed: 0x4e61626c,
  /** Another one for each kernel: after a restart a front end then sends its cells again. No such folder exists. */
  tmpFilePrefix: join(tmpdir(), `nabla-${randomBytes(6).toString("hex")}`) + sep,
  tmpFileSuffix: ".ts",
} as const;

/** The path that stands for a cell with this text. */
export function pathOf(code: string): string {
  return `${naming.tmpFilePrefix}${murmur2(code, naming.hashSeed)}${naming.tmpFileSuffix}`;
}

/** Is that the path of a cell, known or not? */
export function isCellPath(path: string): boolean {
  return path.startsWith(naming.tmpFilePrefix);
}

/** The file name that V8 has for a cell. */
export function urlOf(count: number): string {
  return `In[${count}]`;
}

/** Text kept of cells that ran, and likewise of those that were shown, in characters: old ones can no longer be stepped into. */
const most = 8_000_000;

/** The cells that were shown to the debugger or ran. */
export class Cells {
  readonly #ran = new Latest<RanCell>(({ code, map }) => code.length + map.length);
  readonly #texts = new Latest<string>((text) => text.length);

  /** A cell is about to run. A debugger that comes later will ask for it. */
  ran({ count, code, map }: EmittedCell): void {
    this.#ran.set(urlOf(count), { count, code, map });
  }

  /** The front end shows a text; returns its path. */
  dump(code: string): string {
    const path = pathOf(code);
    this.#texts.set(path, code);
    return path;
  }

  /** By the name that V8 has for it. */
  byUrl(url: string): RanCell | undefined {
    return this.#ran.get(url);
  }

  /** The text of a cell by its path. */
  text(path: string): string | undefined {
    const dumped = this.#texts.get(path);
    if (dumped !== undefined || !isCellPath(path)) return dumped;
    for (const { code } of this.#ran.values()) if (pathOf(code) === path) return code;
    return undefined;
  }
}

/** A map that forgets what was set first when the sizes of its values come to more than {@link most}. */
class Latest<T> {
  readonly #values = new Map<string, T>();
  readonly #sizeOf: (value: T) => number;
  #size = 0;

  constructor(sizeOf: (value: T) => number) {
    this.#sizeOf = sizeOf;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  values(): Iterable<T> {
    return this.#values.values();
  }

  set(key: string, value: T): void {
    this.#delete(key);
    this.#values.set(key, value);
    this.#size += this.#sizeOf(value);
    while (this.#size > most && this.#values.size > 1) this.#delete(this.#values.keys().next().value as string);
  }

  #delete(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#size -= this.#sizeOf(value);
  }
}
