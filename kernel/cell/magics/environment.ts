import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { nearest } from "../../../src/nearest.js";
import { MagicError } from "./magic-error.js";

let previous: string | undefined;

/** `%cd`: changes the working directory and prints it. Without a folder it goes home, with `-` back. */
export function cd(args: string): void {
  const wanted = unquoted(args);
  if (wanted === "-" && previous === undefined) {
    throw new MagicError("%cd -: expected a folder to go back to, got none: this is the first one.");
  }
  const expanded = wanted === "" ? homedir() : wanted.replace(/^~(?=$|[\\/])/, () => homedir());
  const path = wanted === "-" ? (previous as string) : resolve(expanded);
  if (kindOf(path) !== "a folder") throw noFolder(path);
  const before = process.cwd();
  process.chdir(path);
  previous = before;
  console.log(process.cwd());
}

function noFolder(path: string): MagicError {
  const guess = nearest(basename(path), foldersIn(dirname(path)));
  const hint = guess === undefined ? ` The working directory is ${process.cwd()}.` : ` Did you mean ${guess}?`;
  return new MagicError(`%cd: expected a folder, got ${kindOf(path)} at ${path}.${hint}`);
}

function kindOf(path: string): "a folder" | "a file" | "nothing" {
  try {
    return statSync(path).isDirectory() ? "a folder" : "a file";
  } catch {
    return "nothing";
  }
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

const secret = /key|token|secret|passw|credential|auth/i;

/** `%env`: prints the environment or one variable of it, or sets one. */
export function env(args: string): void {
  if (args === "") {
    const names = Object.keys(process.env).sort();
    const lines = names.map((name) => `${name}=${secret.test(name) ? "<hidden>" : process.env[name]}`);
    console.log(lines.join("\n"));
    return;
  }
  const [, name = "", value] = /^([^\s=]*)(?:\s*=\s*|\s+|$)(.*)$/su.exec(args) ?? [];
  if (name === "") throw new MagicError(`%env: expected NAME or NAME=value, got "${args}".`);
  if (args === name) console.log(lookUp(name));
  else {
    process.env[name] = unquoted(value ?? "");
    console.log(`${name}=${process.env[name]}`);
  }
}

function lookUp(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  const guess = nearest(name, Object.keys(process.env));
  const hint = guess === undefined ? `%env ${name}=value sets it.` : `Did you mean ${guess}?`;
  throw new MagicError(`%env: expected the name of a variable, got ${name}, which is not set. ${hint}`);
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/su.exec(text)?.[2] ?? text;
}
