/** A place in a cell's text; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Characters to underline on that line; 1 if not given. */
  readonly length?: number;
}

/** Characters of a line that are shown: JupyterLab wraps what is wider, and the caret would point nowhere. */
const widest = 88;

/** The line of a place with a caret under it, and up to `context` lines before it, with ANSI colours. */
export function codeFrame(code: string, place: Place, context = 2): string[] {
  const lines = code.split(/\r\n|\n|\r/);
  const line = lines[place.line - 1];
  if (line === undefined) return [];
  const gutter = String(place.line).length;
  const start = Math.max(0, Math.min(place.column - 1 - (widest >> 1), line.length - widest));
  const shown = lines.slice(Math.max(0, place.line - 1 - context), place.line);
  const first = place.line - shown.length + 1;
  const indent = line.slice(start, place.column - 1).replace(/[^\t]/g, " ");
  const room = Math.max(1, Math.min(line.length, start + widest) - place.column + 1);
  const carets = "^".repeat(Math.max(1, Math.min(place.length ?? 1, room)));
  return [
    ...shown.map((text, index) => {
      const number = String(first + index).padStart(gutter);
      return `${dim(`  ${number} │`)} ${text.slice(start, start + widest)}`;
    }),
    `${dim(`  ${" ".repeat(gutter)} │`)} ${indent}${red(carets)}`,
  ];
}

/** ANSI colours of tracebacks, as front ends show them. */
export const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
export const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
export const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;
export const cyan = (text: string): string => `\u001b[36m${text}\u001b[39m`;
