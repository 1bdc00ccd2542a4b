import { readCode } from "../protocol/code.js";
import { malformed } from "../protocol/error.js";
import type { Handler } from "../session.js";

/** How long a value may take to come from the user thread, in ms. While a cell computes, types and documentation must do. */
const patience = { idle: 250, busy: 40 };

/** `inspect_request`: signature, documentation and, for a name of the notebook, its value. */
export const inspect: Handler = {
  async handle(request, kernel) {
    const wish = readCode(request.content);
    if (wish === undefined) return malformed("inspect_request", "code, a string");
    const valueNamed = (name: string): Promise<string | undefined> =>
      kernel.asks.value(name, kernel.busy() ? patience.busy : patience.idle);
    // Nearly always it is the word at the cursor: its value may come while the types are looked up.
    const guess = wordAt(wish.code, wish.offset);
    const early = guess === "" ? undefined : valueNamed(guess);
    const { found } = await kernel.asks.language<"inspect">({ type: "inspect", ...wish });
    if (found === undefined) return { status: "ok", found: false, data: {}, metadata: {} };
    // The notebook holds no name with a dot: to ask for one would be to wait for nothing while a cell is busy.
    const later = (): Promise<string | undefined> | undefined =>
      found.name.includes(".") ? undefined : valueNamed(found.name);
    const value = await (found.name === guess ? early : later());
    const shown = value === undefined ? "" : `Value: ${value}`;
    const paragraphs = (...texts: string[]): string => texts.filter((text) => text !== "").join("\n\n");
    const data = {
      "text/plain": paragraphs(found.signature, found.documentation, shown),
      "text/markdown": paragraphs(fenced(found.signature), found.documentation, shown === "" ? "" : fenced(shown)),
    };
    return { status: "ok", found: true, data, metadata: {} };
  },
};

/** The identifier that an offset lies in or behind. */
function wordAt(code: string, offset: number): string {
  // Looks back from the end: a pattern that only ends in `$` is tried at each place, which takes minutes in a long line of data.
  const before = /$(?<=([\p{ID_Continue}$]*))/u.exec(code.slice(0, offset))?.[1] ?? "";
  const behind = /^[\p{ID_Continue}$]*/u.exec(code.slice(offset))?.[0] ?? "";
  return before + behind;
}

function fenced(text: string): string {
  return `\`\`\`typescript\n${text}\n\`\`\``;
}
