/**
 * Source maps (revision 3, ECMA-426) as this room needs them: read the one that TypeScript wrote, move it along with edits
 * of the generated text, write it again. Lines and columns count from 0, columns in UTF-16 code units.
 */

/** A place in the generated text and the place in the source that it came from. */
interface Segment {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Replace `[start, end)` of a text. `origin`: the place in the old text that stands for the new one in the map. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly origin?: number;
  /** What follows right behind stands for the start of the edit too: V8 places a call at its parenthesis. */
  readonly call?: boolean;
}

/** JavaScript and the way back to what it came of. */
export interface MappedText {
  readonly js: string;
  /** Source map v3, JSON. */
  readonly map: string;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Applies edits, which must not overlap; at one place insertions come before a replacement, else in the order given. */
export function applyEdits({ js, map }: MappedText, edits: readonly Edit[]): MappedText {
  const sorted = [...edits].sort((a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start));
  const segments = decode(map, js);
  const moved: Segment[] = [];
  let text = "";
  let done = 0;
  let next = 0;
  const passUntil = (limit: number): void => {
    for (let segment = segments[next]; segment && segment.offset < limit; segment = segments[++next]) {
      moved.push({ ...segment, offset: text.length + segment.offset - done });
    }
  };
  for (const edit of sorted) {
    passUntil(edit.start);
    text += js.slice(done, edit.start);
    const at = text.length;
    if (edit.origin !== undefined) {
      const origin = last(segments, edit.origin);
      if (origin) moved.push({ ...origin, offset: at });
    }
    for (let segment = segments[next]; segment && segment.offset < edit.end; segment = segments[++next]) {
      moved.push({ ...segment, offset: at });
    }
    text += edit.text;
    done = edit.end;
    const callee = edit.call ? last(segments, edit.start) : undefined;
    if (callee && segments[next]?.offset === edit.end) {
      moved.push({ ...callee, offset: text.length });
      next += 1;
    }
  }
  passUntil(Number.POSITIVE_INFINITY);
  text += js.slice(done);
  return { js: text, map: encode(moved, text, JSON.parse(map)) };
}

/** The last segment that begins at an offset or before it. They are in order, and as many as edits: no search from one end. */
function last(segments: readonly Segment[], offset: number): Segment | undefined {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle] as Segment).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function decode(map: string, text: string): Segment[] {
  const { mappings } = JSON.parse(map) as { mappings: string };
  const starts = lineStarts(text);
  const segments: Segment[] = [];
  let line = 0;
  let column = 0;
  for (const [generated, group] of mappings.split(";").entries()) {
    let at = starts[generated] ?? text.length;
    for (const packed of group.split(",")) {
      const fields = unpack(packed);
      at += fields[0] ?? 0;
      if (fields.length < 4) continue;
      line += fields[2] ?? 0;
      column += fields[3] ?? 0;
      segments.push({ offset: at, line, column });
    }
  }
  return segments;
}

function encode(segments: readonly Segment[], text: string, old: object): string {
  const starts = lineStarts(text);
  let mappings = "";
  let generated = 0;
  let before = 0;
  let line = 0;
  let column = 0;
  let first = true;
  for (const segment of segments) {
    while (generated + 1 < starts.length && (starts[generated + 1] ?? 0) <= segment.offset) {
      generated += 1;
      mappings += ";";
      before = 0;
      first = true;
    }
    const at = segment.offset - (starts[generated] ?? 0);
    mappings += `${first ? "" : ","}${pack(at - before)}A${pack(segment.line - line)}${pack(segment.column - column)}`;
    first = false;
    before = at;
    ({ line, column } = segment);
  }
  return JSON.stringify({ ...old, names: [], mappings });
}

function unpack(packed: string): number[] {
  const fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of packed) {
    const bits = digits.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    fields.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return fields;
}

function pack(field: number): string {
  let rest = field < 0 ? (-field << 1) | 1 : field << 1;
  let packed = "";
  do {
    const bits = rest & 31;
    rest >>>= 5;
    packed += digits[rest ? bits | 32 : bits];
  } while (rest);
  return packed;
}
