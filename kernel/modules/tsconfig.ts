import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type ts from "typescript";
import { type Found, findLocal } from "./local.js";

type TypeScript = typeof ts;

/** What a project's `tsconfig.json` says about how files become JavaScript; how strictly they are checked is not its say. */
const heeded = [
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "useDefineForClassFields",
] as const;

/** The parts of a `tsconfig.json` that count for notebooks. */
export interface Project {
  readonly options: Pick<ts.CompilerOptions, (typeof heeded)[number]>;
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** The folder from which `paths` count. */
  readonly base: string;
}

interface Read {
  readonly stamp: string;
  readonly project: Project;
}

/** The `tsconfig.json` of a folder, or of the nearest folder above that has one. */
export class Tsconfig {
  readonly #directory: string;
  readonly #typescript: () => TypeScript;
  #read: Read | undefined;

  /** `typescript` is called when there is a file to read. */
  constructor(directory: string, typescript: () => TypeScript) {
    this.#directory = directory;
    this.#typescript = typescript;
  }

  /** Reads the file if it has changed. */
  refresh(): void {
    const file = nearestFile(this.#directory);
    const stat = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
    const stamp = `${file}:${stat?.mtimeMs}:${stat?.size}`;
    if (this.#read?.stamp !== stamp) this.#read = { stamp, project: read(file, this.#directory, this.#typescript) };
  }

  /** What it says, as of the latest {@link refresh}. */
  get project(): Project {
    if (!this.#read) this.refresh();
    return this.#read?.project ?? none(this.#directory);
  }

  /** The file that `paths` give for the name of a module; undefined if they do not speak of it. */
  find(name: string): string | undefined {
    const { paths, base } = this.project;
    const patterns = Object.keys(paths).sort((a, b) => weight(b) - weight(a));
    for (const pattern of patterns) {
      const matched = match(pattern, name);
      if (matched === undefined) continue;
      const found = (paths[pattern] ?? []).map(
        (target): Found =>
          findLocal(
            resolve(
              base,
              target.replace("*", () => matched),
            ),
          ),
      );
      const file = found.find(({ kind }) => kind === "file");
      if (file?.kind === "file") return file.path;
    }
    return undefined;
  }
}

/** The `tsconfig.json` of a folder, or of the nearest one above it. */
export function nearestFile(directory: string): string | undefined {
  const file = join(directory, "tsconfig.json");
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  const parent = dirname(directory);
  return parent === directory ? undefined : nearestFile(parent);
}

function none(directory: string): Project {
  return { options: {}, paths: {}, base: directory };
}

function read(file: string | undefined, directory: string, typescript: () => TypeScript): Project {
  if (file === undefined) return none(directory);
  const text = readFileSync(file, "utf8");
  // Most say nothing that counts here; TypeScript takes a while to load.
  if (!/"(?:extends|paths|jsx\w*|\w*[dD]ecorator\w*|useDefineForClassFields)"/.test(text)) return none(directory);
  const tsc = typescript();
  const host = { ...tsc.sys, readDirectory: () => [] };
  const { options } = tsc.parseJsonConfigFileContent(
    tsc.parseConfigFileTextToJson(file, text).config,
    host,
    dirname(file),
  );
  const kept = Object.fromEntries(heeded.filter((name) => name in options).map((name) => [name, options[name]]));
  const base = options.baseUrl ?? (options.pathsBasePath as string | undefined) ?? dirname(file);
  return { options: kept, paths: options.paths ?? {}, base };
}

/** A name without a star goes before all patterns, and of these the one with the longest beginning: TypeScript's own order. */
function weight(pattern: string): number {
  return pattern.includes("*") ? pattern.indexOf("*") : Number.POSITIVE_INFINITY;
}

function match(pattern: string, name: string): string | undefined {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return pattern === name ? "" : undefined;
  const fits = name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  return fits ? name.slice(before.length, name.length - after.length) : undefined;
}
