import { inspect, types } from "node:util";
import { displaySymbol, type MimeBundle, type Rendered } from "../src/door.js";

/** Longest text of a value, in characters. */
const longest = 100_000;

/**
 * What Jupyter shows for a value: what its `[Symbol.for("Jupyter.display")]()` says, else its text. Never throws: a display
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
    note = `[its display method threw ${oneLine(error)}]\n`;
  }
  return { data: { "text/plain": note + textOf(value) }, metadata: {} };
}

/** A value as `util.inspect` writes it, bounded in depth and size; survives values that resist being looked at. */
export function textOf(value: unknown, { depth = 4 } = {}): string {
  try {
    if (types.isPromise(value)) return promiseText(value);
    const text = inspect(value, { depth, maxArrayLength: 100, maxStringLength: 20_000, breakLength: 100 });
    return text.length > longest ? `${text.slice(0, longest)}… ${text.length - longest} more characters` : text;
  } catch (error) {
    return `[a value that cannot be shown: ${oneLine(error)}]`;
  }
}

/** What Node hangs on every promise to follow its async context. */
const bookkeeping =
  /,?\s*\[Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)\]: (?:\d+|\[[^\]]*\])/g;

function promiseText(promise: Promise<unknown>): string {
  const text = inspect(promise, { depth: 0, breakLength: Number.POSITIVE_INFINITY }).replace(bookkeeping, "");
  return `${text.replace(/\s+/g, " ")}: put await before it to get its value`;
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  const method = (value as { [displaySymbol]?: unknown })[displaySymbol];
  return typeof method === "function" ? (method as () => unknown) : undefined;
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
      `${what}: expected text, bytes or a JSON value, got one that cannot be sent (${oneLine(error)})`,
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

function oneLine(error: unknown): string {
  try {
    return String(error).split("\n")[0] ?? "";
  } catch {
    return "something that cannot be shown";
  }
}
