/** A request about a place in a text: `complete_request`, `inspect_request`, `is_complete_request`. */
export interface CodeRequest {
  readonly code: string;
  /** UTF-16 code units before the cursor, as JavaScript counts. */
  readonly offset: number;
  readonly level: number;
}

/** Reads such a request; without `cursor_pos` the cursor is at the end. Undefined without code. */
export function readCode(content: Readonly<Record<string, unknown>>): CodeRequest | undefined {
  const { code, cursor_pos, detail_level } = content;
  if (typeof code !== "string") return undefined;
  const offset = typeof cursor_pos === "number" ? utf16Offset(code, cursor_pos) : code.length;
  return { code, offset, level: detail_level === 1 ? 1 : 0 };
}

/** Jupyter counts cursor positions in code points; JavaScript in UTF-16 units. Out of range is clamped. */
export function utf16Offset(text: string, codePoints: number): number {
  let offset = 0;
  for (let left = codePoints; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The inverse of {@link utf16Offset}. */
export function codePointOffset(text: string, utf16: number): number {
  let count = 0;
  for (let offset = 0; offset < Math.min(utf16, text.length); count++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}
