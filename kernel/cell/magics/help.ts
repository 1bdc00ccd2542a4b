import { host } from "../../../src/door.js";
import { nearest } from "../../../src/nearest.js";
import { type Magic, magicOf, magics } from "../../magics.js";
import { MagicError } from "./magic-error.js";

/** `%help`: all magics, or one with all that it takes. */
export function help(args: string): void {
  const wanted = args.replace(/^%+|\?+$/g, "");
  const found = wanted === "" ? magics : [named(wanted)];
  const plain = found.map((magic) => `${magic.usage.join("\n")}\n    ${magic.help}`).join("\n\n");
  host()?.display({ data: { "text/plain": plain, "text/markdown": table(found) }, metadata: {} });
}

/** Magics as a Markdown table. */
export function table(some: readonly Magic[]): string {
  const rows = some.map((magic) => `| ${magic.usage.map(code).join("<br>")} | ${magic.help} |`);
  return ["| magic | what it does |", "| :--- | :--- |", ...rows].join("\n");
}

function named(name: string): Magic {
  const magic = magicOf(name);
  if (magic) return magic;
  const names = magics.map((each) => each.name);
  const hint = `Did you mean ${nearest(name, names) ?? names.join(", ")}?`;
  throw new MagicError(`%help: expected the name of a magic, got ${name}. ${hint}`);
}

function code(text: string): string {
  return `\`${text}\``;
}
