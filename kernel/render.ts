import { types } from "node:util";
import { displaySymbol, type MimeBundle, type Rendered } from "../src/door.js";
import { bounded, Slow, slowText } from "./render/bounded.js";
import { imageOf } from "./render/image.js";
import { inspector } from "./render/inspector.js";
import { tableOf } from "./render/table.js";
import { messageOf, textOf } from "./render/text.js";
import { growTree } from "./render/tree.js";

export { bounded, onWatched, Slow, tooLong } from "./render/bounded.js";
export { showPromisesPlainly } from "./render/promises.js";
export { lineOf, textOf } from "./render/text.js";

/** Text of so many lines that hides nothing needs no unfolding. */
const fewLines = 10;

/**
 * What Jupyter shows for a value: what its `[Symbol.for("Jupyter.display")]()` says; else the picture that it is; else its
 * text, with a table or an inspector that unfolds beside it where the text is long or hides something. Never throws: a display
 * method that fails is noted above the text.
 */
export async function render(value: unknown): Promise<Rendered> {
  let note = "";
  try {
    const method = displayMethod(value);
    if (method) {
      const rendered = asRendered(await method.call(value));
      if (rendered) return withText(rendered, value);
      note = "[its display method returned no MIME bundle]\n";
    }
  } catch (error) {
    note = `[its display method threw ${messageOf(error)}]\n`;
  }
  const { data, metadata } = await appearance(value);
  return { data: { ...data, "text/plain": `${note}${data["text/plain"]}` }, metadata };
}

async function appearance(value: unknown): Promise<Rendered> {
  try {
    const image = typeof value === "object" && value !== null ? await imageOf(value) : undefined;
    if (image) return image;
    return bounded(value, () => unfolded(value));
  } catch (error) {
    return { data: { "text/plain": error instanceof Slow ? slowText : textOf(value) }, metadata: {} };
  }
}

function unfolded(value: unknown): Rendered {
  const tree = growTree(value);
  const text = textOf(value, { tree });
  const table = typeof value === "object" && value !== null ? tableOf(value, tree.root) : undefined;
  const long = tree.cut || tree.huge || text.split("\n", fewLines + 1).length > fewLines;
  const html = table ?? (long ? inspector(tree.root) : undefined);
  return { data: { "text/plain": text, ...(html !== undefined && { "text/html": html }) }, metadata: {} };
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  // Data frames that are proxies display themselves. What is callable, and has any property, stands for something remote.
  if (typeof value === "function" && types.isProxy(value)) return undefined;
  const method = types.isProxy(value) ? quietly(value) : (value as { [displaySymbol]?: unknown })[displaySymbol];
  return typeof method === "function" && !types.isProxy(method) ? (method as () => unknown) : undefined;
}

/** A proxy that refuses to answer, or was revoked, has no display. */
function quietly(proxy: object): unknown {
  try {
    return (proxy as { [displaySymbol]?: unknown })[displaySymbol];
  } catch {
    return undefined;
  }
}

/** A bundle's keys are MIME types and so contain a slash; `{ data, metadata }` has a bundle inside. */
function asRendered(shown: unknown): Rendered | undefined {
  if (typeof shown !== "object" || shown === null) return undefined;
  const { data, metadata } = shown as Partial<Rendered>;
  if (typeof data === "object" && data !== null && isBundle(data)) return sendable({ data, metadata: metadata ?? {} });
  return isBundle(shown) ? sendable({ data: shown as MimeBundle, metadata: {} }) : undefined;
}

function isBundle(object: object): boolean {
  const keys = Object.keys(object);
  return keys.length > 0 && keys.every((key) => key.includes("/"));
}

/** A bundle as it can travel: bytes as base64, all else as JSON has it. Throws TypeError for what JSON cannot hold. */
export function sendable({ data, metadata }: Rendered): Rendered {
  const plain = (type: string, content: unknown): unknown =>
    content instanceof Uint8Array ? Buffer.from(content).toString("base64") : jsonOf(type, content);
  const entries = Object.entries(data).map(([type, content]) => [type, plain(type, content)]);
  return { data: Object.fromEntries(entries), metadata: jsonOf("metadata", metadata) };
}

/**
 * A value as JSON has it. What survives the way between threads (a BigInt, a cycle) may still not fit into a message: that
 * must be said where the value comes from. Throws TypeError.
 */
export function jsonOf<T>(what: string, value: T): T {
  if (typeof value === "string" || value === undefined) return value;
  try {
    return JSON.parse(JSON.stringify(value, withoutCode)) as T;
  } catch (error) {
    throw new TypeError(
      `${what}: expected text, bytes or a JSON value, got one that cannot be sent (${messageOf(error)})`,
    );
  }
}

/** Plain JSON.stringify leaves functions out without a word. */
function withoutCode(key: string, value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`a ${typeof value} in '${key}'`);
  return value;
}

function withText({ data, metadata }: Rendered, value: unknown): Rendered {
  return { data: "text/plain" in data ? data : { ...data, "text/plain": textOf(value) }, metadata };
}
