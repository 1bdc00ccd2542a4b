import { closeSync, mkdirSync, openSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { FileError } from "../../errors.js";

/** Milliseconds that what was logged may wait for its way to the disk. */
const patience = 1000;

/** A file that grows at its end. Folders on the way to it are made. What is added waits for about a second. */
export class LogFile {
  readonly #what: string;
  readonly #path: string;
  #file: number | undefined;
  #waiting: Uint8Array[] = [];
  #written = performance.now();

  /** Makes the file, or empties it, unless it is to `append`. Throws FileError. */
  constructor(what: string, path: string, append: boolean) {
    this.#what = what;
    this.#path = path;
    this.#try(() => {
      mkdirSync(dirname(path), { recursive: true });
      closeSync(openSync(path, append ? "a" : "w"));
    });
  }

  /** Adds at the end. Throws FileError when the disk refuses. */
  add(chunk: Uint8Array | string): void {
    this.#waiting.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    if (performance.now() - this.#written > patience) this.flush();
  }

  /** Brings what waits to the file, and lets go of it. Throws FileError. */
  flush(): void {
    this.#written = performance.now();
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#try(() => {
      this.#file = openSync(this.#path, "a");
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    });
  }

  /** Takes off what comes after so many bytes. Throws FileError. */
  cut(length: number): void {
    this.flush();
    this.#try(() => truncateSync(this.#path, length));
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const complaint = { what: this.#what, expected: `to write ${this.#path}`, got: code ?? message };
      throw new FileError(complaint, { cause });
    } finally {
      if (this.#file !== undefined) closeSync(this.#file);
      this.#file = undefined;
    }
  }
}
