import { host } from "../../../src/door.js";
import { MagicError } from "./magic-error.js";

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "application/javascript",
  markdown: "text/markdown",
};

/** `%%html`, `%%js`, `%%markdown`: shows the cell's own text; consoles show its source. */
export function showText(name: string, args: string, text: string): void {
  const type = types[name];
  if (type === undefined) throw new MagicError(`%${name}: expected a magic that this kernel knows. %help lists them.`);
  if (args !== "") throw new MagicError(`%%${name}: expected nothing behind it, got "${args}". The text goes below.`);
  if (text.trim() === "") throw new MagicError(`%%${name}: expected text in the lines below, got nothing.`);
  host()?.display({ data: { [type]: text, "text/plain": text }, metadata: {} });
}
