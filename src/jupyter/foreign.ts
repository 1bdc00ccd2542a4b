/** Values of other libraries that can be shown although they say nothing of notebooks: recognised by what they can do. */
import type { MimeBundle } from "../door.js";
import { escaped } from "../markup.js";

const any = undefined;

/** The kinds of pictures that front ends show, by their first bytes. */
const pictures = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  // RIFF, four bytes of length, WEBP: sounds are RIFF too.
  ["image/webp", [0x52, 0x49, 0x46, 0x46, any, any, any, any, 0x57, 0x45, 0x42, 0x50]],
] as const;

/** The MIME type of a picture's bytes; undefined for others. */
export function pictureType(bytes: Uint8Array): string | undefined {
  return pictures.find(([, start]) => start.every((byte, index) => byte === any || bytes[index] === byte))?.[0];
}

/** Bytes as they stand in a MIME bundle. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/**
 * The bundle of a canvas (`toDataURL`), a Vega chart (`toSpec`), a data frame (`schema`, `head`, `toRecords`: polars), an
 * HTML or SVG element (`outerHTML`) or a picture's bytes; undefined for everything else.
 */
export function foreignBundle(value: unknown): MimeBundle | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Uint8Array) {
    const type = pictureType(value);
    return type === undefined ? undefined : { [type]: base64(value) };
  }
  const { toDataURL, toSpec, outerHTML } = value as Record<string, unknown>;
  if (typeof toDataURL === "function") return ofDataUrl(String(toDataURL.call(value)));
  if (typeof toSpec === "function") return ofSpec(toSpec.call(value));
  if (isDataFrame(value)) return ofDataFrame(value);
  if (typeof outerHTML !== "string") return undefined;
  return { [outerHTML.startsWith("<svg") ? "image/svg+xml" : "text/html"]: outerHTML };
}

function ofDataUrl(url: string): MimeBundle | undefined {
  const [, type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return type === undefined ? undefined : { [type]: data };
}

/** The schema of a chart says which version draws it: `https://vega.github.io/schema/vega-lite/v5.json`. */
function ofSpec(spec: unknown): MimeBundle | undefined {
  if (typeof spec !== "object" || spec === null) return undefined;
  const { $schema } = spec as { $schema?: unknown };
  const [, library, version] = /\/(vega(?:-lite)?)\/v(\d+)/.exec(String($schema)) ?? [];
  return library === undefined ? undefined : { [`application/vnd.${library.replace("-", "")}.v${version}+json`]: spec };
}

interface DataFrame {
  readonly schema: Readonly<Record<string, unknown>>;
  head(rows: number): { toRecords(): Record<string, unknown>[] };
  toRecords(): Record<string, unknown>[];
}

function isDataFrame(value: object): value is DataFrame {
  const { schema, head, toRecords } = value as Partial<DataFrame>;
  return typeof schema === "object" && schema !== null && typeof head === "function" && typeof toRecords === "function";
}

const rowsShown = 50;

function ofDataFrame(frame: DataFrame): MimeBundle {
  const names = Object.keys(frame.schema);
  const rows = frame.head(rowsShown).toRecords();
  const row = (tag: string, cells: readonly unknown[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(String(cell ?? ""))}</${tag}>`).join("")}</tr>`;
  const body = rows
    .map((record) =>
      row(
        "td",
        names.map((name) => record[name]),
      ),
    )
    .join("");
  return { "text/html": `<table><thead>${row("th", names)}</thead><tbody>${body}</tbody></table>` };
}
