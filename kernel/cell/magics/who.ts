import { host } from "../../../src/door.js";
import { escaped } from "../../../src/markup.js";
import { lineOf } from "../../render.js";
import { MagicError } from "./magic-error.js";

const widest = 60;

/** `%who`: the notebook's names with their types (as the language thread gave them) and what is in them now. */
export function who(args: string, scope: Record<string, unknown>, types: Readonly<Record<string, string>>): void {
  const names = Object.keys(types).filter((name) => Object.hasOwn(scope, name) || isType(types[name]));
  const rows = names
    .filter((name) => name.toLowerCase().includes(args.toLowerCase()))
    .sort()
    .map((name) => [name, short(types[name] ?? ""), Object.hasOwn(scope, name) ? lineOf(scope[name], widest) : ""]);
  if (rows.length === 0) {
    if (args !== "" && names.length > 0)
      throw new MagicError(`%who: expected a part of a name, got "${args}", which none has.`);
    console.log("There are no names yet.");
    return;
  }
  const table = [["name", "type", "value"], ...rows];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const plain = table.map((row) => line(row).trimEnd()).join("\n");
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td><code>${escaped(cell)}</code></td>`).join("")}</tr>`);
  const html = `<table><thead><tr><th>name</th><th>type</th><th>value</th></tr></thead><tbody>${body.join("")}</tbody></table>`;
  host()?.display({ data: { "text/plain": plain, "text/html": html }, metadata: {} });
}

function isType(type: string | undefined): boolean {
  return type === "interface" || type === "type";
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line;
}
