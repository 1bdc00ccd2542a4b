import type { Rendered } from "../door.js";
import { escaped } from "../markup.js";

/** What a table says, as text. */
export interface TableSpec {
  /** What it is, in bold, and more about it. */
  readonly title: string;
  readonly subtitle: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows under the line: means, totals. */
  readonly foot?: readonly (readonly string[])[];
  /** Columns, from the first, whose texts stand on the left; the others are numbers. Default 1. */
  readonly left?: number;
  /** A sentence under it. */
  readonly note?: string;
}

/** A table as HTML, which notebooks and GitHub let through without scripts or styles, and as text for a console. */
export function table(spec: TableSpec): Rendered {
  return { data: { "text/html": html(spec), "text/plain": plain(spec) }, metadata: {} };
}

function html({ title, subtitle, head, rows, foot = [], left = 1, note }: TableSpec): string {
  const row = (tag: "td" | "th", texts: readonly string[]) =>
    `<tr>${texts.map((text, column) => `<${tag} style="text-align: ${column < left ? "left" : "right"}">${escaped(text)}</${tag}>`).join("")}</tr>`;
  const body = [...rows.map((texts) => row("td", texts)), ...foot.map((texts) => row("th", texts))].join("");
  const caption = `<p><b>${escaped(title)}</b>: ${escaped(subtitle)}</p>`;
  const under = note === undefined ? "" : `<p>${escaped(note)}</p>`;
  return `${caption}<table><thead>${row("th", head)}</thead><tbody>${body}</tbody></table>${under}`;
}

/** The table as lines of text. */
export function plain({ title, subtitle, head, rows, foot = [], left = 1, note }: TableSpec): string {
  const all = [head, ...rows, ...foot];
  const widths = head.map((_, column) => Math.max(...all.map((texts) => texts[column]?.length ?? 0)));
  const line = (texts: readonly string[]) =>
    widths
      .map((width, column) =>
        column < left ? (texts[column] ?? "").padEnd(width) : (texts[column] ?? "").padStart(width),
      )
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)));
  const end = foot.length === 0 ? [] : [rule, ...foot.map(line)];
  return [
    `${title}: ${subtitle}`,
    rule,
    line(head),
    rule,
    ...rows.map(line),
    ...end,
    ...(note === undefined ? [] : [note]),
  ].join("\n");
}
