/**
 * `nabla/jupyter`: showing and asking in a notebook, with the names of Deno's `Deno.jupyter`
 * (https://docs.deno.com/api/deno/~/Deno.jupyter), and a few more. In a plain script `display` prints the text.
 *
 * ```ts
 * import { display, html, md } from "nabla/jupyter";
 * await display(md`# Results for *${name}*`);
 * html`<b>bold</b>`
 * ```
 */
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { type Displayable, displaySymbol, type Host, host, type Rendered } from "./door.js";
import { RuntimeError, ValueError } from "./errors.js";
import { base64, foreignBundle, pictureType } from "./jupyter/foreign.js";

export type { Displayable } from "./door.js";

/** The method by which an object displays itself: `Symbol.for("Jupyter.display")`. */
export const $display: typeof displaySymbol = displaySymbol;

/** What front ends show, by MIME type: text, base64 of binary pictures, JSON. They take the richest that they know. */
export interface MediaBundle {
  "text/plain"?: string;
  "text/html"?: string;
  "text/markdown"?: string;
  "text/latex"?: string;
  "image/svg+xml"?: string;
  "image/png"?: string;
  "image/jpeg"?: string;
  "image/gif"?: string;
  "application/javascript"?: string;
  "application/pdf"?: string;
  "application/json"?: object;
  [type: string]: unknown;
}

/** How to display a value. */
export interface DisplayOptions {
  /** The value is a MIME bundle, not something to be formatted. */
  raw?: boolean;
  /** Replace what was displayed with the same `display_id`. */
  update?: boolean;
  /** A name by which the output can be updated later. */
  display_id?: string;
}

/** A tag for template literals that makes a displayable of the text. Values are put in as they are: nothing is escaped. */
export type Tag = (strings: TemplateStringsArray, ...values: unknown[]) => Displayable;

/** Markdown: ``md`# Title` ``. */
export const md: Tag = tag("text/markdown");
/** HTML: ``html`<b>bold</b>` ``. */
export const html: Tag = tag("text/html");
/** An SVG picture: ``svg`<svg xmlns="http://www.w3.org/2000/svg">…</svg>` ``. */
export const svg: Tag = tag("image/svg+xml");
/** JavaScript for the browser, where the notebook is trusted. */
export const js: Tag = tag("application/javascript");

function tag(type: string): Tag {
  return (strings, ...values) => {
    const text = strings.reduce((sum, part, index) => `${sum}${values[index - 1] ?? ""}${part}`);
    return displayable({ [type]: text, "text/plain": text });
  };
}

function displayable(bundle: MediaBundle): Displayable {
  return { [displaySymbol]: () => bundle };
}

/** A PNG picture from its bytes. Throws ValueError for others. */
export function png(bytes: Uint8Array): Displayable {
  return picture("png", bytes, "image/png");
}

/** A JPEG picture from its bytes. Throws ValueError for others. */
export function jpg(bytes: Uint8Array): Displayable {
  return picture("jpg", bytes, "image/jpeg");
}

/** A picture (PNG, JPEG, GIF, WebP) from its bytes or the path of its file. Throws ValueError for others. */
export function image(source: string | Uint8Array): Displayable {
  return picture("image", typeof source === "string" ? readFileSync(source) : source);
}

function picture(what: string, bytes: Uint8Array, wanted?: string): Displayable {
  const type = bytes instanceof Uint8Array ? pictureType(bytes) : undefined;
  if (type === undefined || (wanted !== undefined && type !== wanted)) {
    const got = type ?? (bytes instanceof Uint8Array ? `${bytes.length} bytes of something else` : typeof bytes);
    throw new ValueError({
      what,
      expected: wanted ?? "the bytes or the path of a PNG, JPEG, GIF or WebP picture",
      got,
    });
  }
  return displayable({ [type]: base64(bytes), "text/plain": `[${type}, ${bytes.length} bytes]` });
}

/** A JSON value, or as a tag a text of JSON, which front ends show as a tree that unfolds. Throws SyntaxError for other texts. */
export function json(value: object): Displayable;
export function json(text: TemplateStringsArray, ...values: readonly unknown[]): Displayable;
export function json(first: object, ...values: readonly unknown[]): Displayable {
  const isTag = Array.isArray(first) && Array.isArray((first as Partial<TemplateStringsArray>).raw);
  const text = isTag ? String.raw({ raw: first }, ...values) : undefined;
  const value: object = text === undefined ? first : JSON.parse(text);
  return displayable({ "application/json": value, "text/plain": JSON.stringify(value, null, 2) });
}

/** The MIME bundle that {@link display} would show for a value. */
export async function format(value: unknown): Promise<MediaBundle> {
  return (await rendered(value)).data;
}

async function rendered(value: unknown): Promise<Rendered> {
  const own = (value as Partial<Displayable> | null | undefined)?.[displaySymbol];
  const foreign = typeof own === "function" ? undefined : foreignBundle(value);
  if (foreign) return { data: { ...foreign, "text/plain": inspect(value, { depth: 1 }) }, metadata: {} };
  const notebook = host();
  if (notebook) return notebook.render(value);
  if (typeof own !== "function") return { data: { "text/plain": text(value) }, metadata: {} };
  const shown = await own.call(value as Displayable);
  return "data" in shown ? (shown as Rendered) : { data: shown, metadata: {} };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { depth: 4 });
}

/**
 * Shows a value in the output of the cell, at once and not only as its last expression. Resolves when it is on its way. In
 * a plain script its text is printed. Throws ValueError for an update without a `display_id`, or for `raw` without a bundle.
 */
export async function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
  const { raw = false, update = false, display_id } = options;
  if (update && display_id === undefined) {
    const hint = 'Show it first: await display(value, { display_id: "chart" }).';
    throw new ValueError({ what: "display: update", expected: "a display_id", got: "none", hint });
  }
  const shown = raw ? { data: bundleOf(value), metadata: {} } : await rendered(value);
  const notebook = host();
  if (!notebook)
    console.log(shown.data["text/plain"] ?? Object.values(shown.data).find((part) => typeof part === "string"));
  else if (update) notebook.update(display_id as string, shown);
  else notebook.display(shown, display_id);
}

function bundleOf(value: unknown): MediaBundle {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (keys.length > 0 && keys.every((key) => key.includes("/"))) return value as MediaBundle;
  const expected = 'a MIME bundle such as { "text/html": "<b>b</b>" }';
  throw new ValueError({ what: "display: raw", expected, got: inspect(value, { depth: 0 }) });
}

/**
 * Publishes a message of any type to all clients of the notebook (Jupyter messaging protocol, "Messages on the IOPub
 * channel"). Throws RuntimeError outside of a notebook.
 */
export async function broadcast(
  type: string,
  content: Record<string, unknown>,
  extra: { metadata?: Record<string, unknown>; buffers?: readonly Uint8Array[] } = {},
): Promise<void> {
  notebookFor("broadcast").broadcast(type, content, extra);
}

/** Clears the output of the cell; with `wait` only when the next output comes, which does not flicker. */
export function clearOutput({ wait = false }: { wait?: boolean } = {}): void {
  host()?.clear(wait);
}

/** Asks the user for a line of text. Rejects where the front end takes no input. */
export async function input(prompt = ""): Promise<string> {
  return notebookFor("input").input(prompt);
}

/** Asks the user for a line of text that the front end does not show. */
export async function password(prompt = "Password: "): Promise<string> {
  return notebookFor("password").input(prompt, true);
}

function notebookFor(what: string): Host {
  const notebook = host();
  if (notebook) return notebook;
  const hint = "Run it in a cell of a notebook with Nabla's kernel.";
  throw new RuntimeError({ what, expected: "a notebook", got: "a plain script", hint });
}
