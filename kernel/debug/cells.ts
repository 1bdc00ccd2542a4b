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

/** Text of cells kept, in characters: old ones can no longer be stepped into. */
const most = 8_000_000;

/** The cells that were shown to the debugger or ran. */
export class Cells {
  readonly #ran = new Map<string, RanCell>();
  readonly #texts = new Map<string, string>();
  #size = 0;

  /** A cell is about to run. A debugger that comes later will ask for it. */
  ran({ count, code, map }: EmittedCell): void {
    const url = urlOf(count);
    this.#forget(url);
    this.#ran.set(url, { count, code, map });
    this.#size += code.length + map.length;
    while (this.#size > most && this.#ran.size > 1) this.#forget(this.#ran.keys().next().value as string);
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

  #forget(url: string): void {
    const cell = this.#ran.get(url);
    if (!cell) return;
    this.#ran.delete(url);
    this.#size -= cell.code.length + cell.map.length;
  }
}
