import { readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf } from "./stack.js";

/** Whose code a frame runs: a cell's, a local file's, an npm package's (also Nabla's own), or Node's. */
type Owner = "cell" | "file" | "package" | "node";

/** One frame of a stack; line and column count from 1. */
export interface StackPlace {
  readonly owner: Owner;
  /** `In[7]`, or what V8 calls the file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function, `new` and the class included; undefined at the top of a cell and in nameless functions. */
  readonly name?: string;
}

/** Longest end of a stack that is looked at, in characters; before it stands the message. */
const longest = 256 * 1024;
/** Largest local file that is read for a code frame, in bytes. */
const largest = 4 * 1024 * 1024;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const compiled = fileURLToPath(new URL("../..", import.meta.url));

/** The frames of `error.stack`, innermost first. Lines of the message that look like frames are none. */
export function placesOf(stack: string): StackPlace[] {
  const lines = stack.slice(-longest).split("\n");
  const message = lines.findLastIndex((line) => !/^ {4}at /.test(line));
  const frames = lines.slice(message + 1).flatMap((line) => {
    const found = /^ {4}at (?:async )?(?:(?!\/|file:|[A-Z]:)(.+?) \()?(.+?):(\d+):(\d+)\)?$/.exec(line);
    const [, name = "", file = "", row, column] = found ?? [];
    if (!found || file.startsWith("eval at ")) return [];
    const place = { owner: ownerOf(file), file, line: Number(row), column: Number(column) };
    // The body of a cell, of a file (which modules call execute) and of eval have no name of the user's.
    return [
      /^(?:Object\.)?(?:<anonymous>|eval|execute)?$/.test(name)
        ? place
        : { ...place, name: name.replace(/^async /, "") },
    ];
  });
  return [...unparsed(stack), ...frames];
}

/** Node writes the place of a syntax error in a file above its name, with the line and a caret. */
function unparsed(stack: string): StackPlace[] {
  const [found, file = "", line, before = ""] = /^(\S.*):(\d+)\n.*\n([ \t]*)\^/.exec(stack.slice(0, longest)) ?? [];
  return found ? [{ owner: ownerOf(file), file, line: Number(line), column: before.length + 1 }] : [];
}

function ownerOf(file: string): Owner {
  if (/^In\[\d+\]$/.test(file)) return "cell";
  const path = pathOf(file);
  if (path === undefined) return "node";
  return path.startsWith(compiled) || path.includes(`${sep}node_modules${sep}`) ? "package" : "file";
}

/** The path of what V8 calls a file; undefined for what is in no file: `node:fs`, `evalmachine.<anonymous>`. */
function pathOf(file: string): string | undefined {
  if (!file.startsWith("file:")) return file.startsWith(sep) || /^[A-Z]:\\/.test(file) ? file : undefined;
  try {
    return fileURLToPath(file.replace(/[?#].*$/, ""));
  } catch {
    return undefined;
  }
}

/** A place as the user knows it: `In[7]:3:12`, `./helper.ts:3:5`, `lodash@4.17.21/chunk.js:12`. */
export function shownPlace({ owner, file, line, column }: StackPlace): string {
  const path = pathOf(file);
  if (path === undefined) return `${file}:${line}:${column}`;
  if (owner === "package") return `${inPackage(path)}:${line}`;
  const short = relative(process.cwd(), path);
  if (short.startsWith(join("..", "..", ".."))) return `${path}:${line}:${column}`;
  return `${short.startsWith("..") ? short : `.${sep}${short}`}:${line}:${column}`;
}

/** The user's text of a cell or a local file; undefined where it cannot be had. */
export function codeAt({ owner, file }: StackPlace): string | undefined {
  const known = codeOf(file);
  const path = pathOf(file);
  if (known !== undefined || owner !== "file" || path === undefined) return known;
  try {
    return statSync(path).size > largest ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function inPackage(path: string): string {
  const folder = `${sep}node_modules${sep}`;
  const start = path.lastIndexOf(folder) + folder.length;
  if (start < folder.length) return `${named("nabla", root)}/${relative(root, path)}`;
  const parts = path.slice(start).split(sep);
  const words = parts[0]?.startsWith("@") ? 2 : 1;
  const name = parts.slice(0, words).join("/");
  return [named(name, join(path.slice(0, start), ...parts.slice(0, words))), ...parts.slice(words)].join("/");
}

function named(name: string, folder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: unknown };
    return typeof version === "string" ? `${name}@${version}` : name;
  } catch {
    return name;
  }
}
