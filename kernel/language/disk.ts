import ts = require("typescript");

import { isVirtual, virtualText } from "./virtual.js";

/**
 * The disk as TypeScript asks for it: thousands of times a cell, and nearly always for files of packages, which do not
 * change while a kernel lives. What lies in a package that is there is asked for once; a package that is not there may
 * still be installed, and the user's own files may change.
 */
export class Disk {
  readonly #files = new Map<string, boolean>();
  readonly #folders = new Map<string, boolean>();
  readonly #manifests = new Map<string, string | undefined>();
  readonly #snapshots = new Map<string, ts.IScriptSnapshot | undefined>();
  readonly #packages = new Set<string>();
  readonly #settled: (path: string) => boolean;

  /** `settled`: whether a path outside of `node_modules` never changes either. */
  constructor(settled: (path: string) => boolean) {
    this.#settled = settled;
  }

  /** Packages were installed or removed. */
  forget(): void {
    for (const known of [this.#files, this.#folders, this.#manifests, this.#snapshots, this.#packages]) known.clear();
  }

  fileExists(path: string): boolean {
    return this.#once(this.#files, path, (asked) => ts.sys.fileExists(asked) || isVirtual(asked));
  }

  directoryExists(path: string): boolean {
    return this.#once(this.#folders, path, ts.sys.directoryExists);
  }

  /** Only manifests are kept: TypeScript itself keeps what it parses. */
  readFile(path: string): string | undefined {
    if (path.endsWith("/package.json")) return this.#once(this.#manifests, path, ts.sys.readFile);
    return isVirtual(path) ? virtualText(path) : ts.sys.readFile(path);
  }

  /** TypeScript wants a snapshot of every file for every cell, and nearly always only compares its version. */
  snapshot(path: string): ts.IScriptSnapshot | undefined {
    return this.#once(this.#snapshots, path, (asked) => (this.fileExists(asked) ? this.#snapshot(asked) : undefined));
  }

  #snapshot(path: string): ts.IScriptSnapshot {
    let text: string | undefined;
    const read = (): string => {
      text ??= this.readFile(path) ?? "";
      return text;
    };
    return {
      getText: (start, end) => read().slice(start, end),
      getLength: () => read().length,
      getChangeRange: () => undefined,
    };
  }

  #once<T>(known: Map<string, T>, path: string, ask: (path: string) => T): T {
    const found = known.get(path);
    if (found !== undefined || known.has(path)) return found as T;
    const answer = ask(path);
    if (this.#stays(path)) known.set(path, answer);
    return answer;
  }

  #stays(path: string): boolean {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
    if (folder === undefined) return this.#settled(path);
    if (this.#packages.has(folder)) return true;
    const exists = ts.sys.directoryExists(folder);
    if (exists) this.#packages.add(folder);
    return exists;
  }
}
