import { types } from "node:util";
import { escaped } from "../../src/markup.js";
import { styleSheet, toned } from "./html.js";
import { counted, Leaf } from "./look.js";
import { preview } from "./text.js";
import type { Branch, Node } from "./tree.js";

/** Rows of a table that is shown whole, and of one that is not. */
const [wholeRows, firstRows] = [50, 20];
const columnsShown = 30;
/** Longest text of a cell, in characters. */
const cellShown = 80;
/** Rows that are looked at before the value is believed to be a table. */
const believed = 100;
/** So much of a table of records is filled, at least. */
const filled = 0.5;

type Row = ReadonlyMap<string, Node>;

/**
 * The table of an array of records with common keys, of a Map of such records, or of a matrix of numbers, as HTML; undefined
 * for other values.
 */
export function tableOf(value: object, root: Node): string | undefined {
  const { look, branches } = root;
  if (look instanceof Leaf || branches.length < 2) return undefined;
  const isMap = types.isMap(value);
  if (!isMap && !(Array.isArray(value) && look.shape === "list")) return undefined;
  const rows = branches.slice(0, believed).map(({ node, label }) => (label === undefined ? rowOf(node) : undefined));
  if (!rows.every((row) => row !== undefined)) return undefined;
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const cells = rows.reduce((sum, row) => sum + row.size, 0);
  if (columns.length < (isMap ? 1 : 2) && !isRecords(branches)) return undefined;
  if (columns.length === 0 || cells < filled * rows.length * columns.length) return undefined;
  const heads = branches.map(({ key }, index) => (key ? unquoted(preview(key, cellShown)) : String(index)));
  return html(rows, heads, columns, branches.length + root.more);
}

function isRecords(branches: readonly Branch[]): boolean {
  return branches.every(({ node: { look } }) => !(look instanceof Leaf) && look.shape === "record");
}

/** A plain record of at least one property, or a list of numbers. */
function rowOf({ look, branches, more }: Node): Row | undefined {
  if (look instanceof Leaf || branches.length === 0) return undefined;
  if (look.shape === "record" && look.title === "") {
    return more > 0 ? undefined : new Map(branches.map(({ label = "", node }) => [label, node]));
  }
  const numbers = look.shape === "list" && branches.every(({ node, label }) => label === undefined && isNumber(node));
  return numbers ? new Map(branches.map(({ node }, index) => [String(index), node])) : undefined;
}

function isNumber({ look }: Node): boolean {
  return look instanceof Leaf && look.tone === "number";
}

function html(rows: readonly Row[], heads: readonly string[], columns: readonly string[], count: number): string {
  const rowsShown = count > wholeRows ? firstRows : count;
  const shown = columns.slice(0, columnsShown);
  const left = shown.map((column) => rows.some((row) => row.has(column) && !isNumber(row.get(column) as Node)));
  const style = (at: number): string => (left[at] ? ' style="text-align:left"' : "");
  const head = shown.map((column, at) => `<th${style(at)}>${escaped(column)}</th>`).join("");
  const body = rows.slice(0, rowsShown).map((row, index) => {
    const cells = shown.map((column, at) => `<td${style(at)}>${cell(row.get(column))}</td>`).join("");
    return `<tr><th>${toned("dim", heads[index] ?? "")}</th>${cells}</tr>`;
  });
  const more = [
    count > rowsShown ? `${counted(count - rowsShown)} more rows` : "",
    columns.length > columnsShown ? `${counted(columns.length - columnsShown)} more columns` : "",
  ].filter((text) => text !== "");
  const note = more.length === 0 ? "" : `<div>${toned("dim", `… ${more.join(" and ")}`)}</div>`;
  return `${styleSheet}<div class="nabla-value" style="overflow:auto"><table><thead><tr><th></th>${head}</tr></thead><tbody>${body.join("")}</tbody></table>${note}</div>`;
}

function cell(node: Node | undefined): string {
  if (node === undefined) return "";
  const { look } = node;
  if (look instanceof Leaf && look.tone === "string") return escaped(unquoted(preview(node, cellShown)));
  return toned(look instanceof Leaf ? look.tone : "dim", preview(node, cellShown));
}

/** In a table text needs no quotes; what was cut keeps them. */
function unquoted(text: string): string {
  return /^(['"`]).*\1$/.test(text) ? text.slice(1, -1) : text;
}
