/** Small texts that figures share: numbers, durations, sparklines, tokens made visible. */

/** A token one can see: spaces as ␣, line ends as ⏎, tabs as ⇥, control and invisible characters by number. */
export function visible(token: string): string {
  if (token === "") return "∅";
  return token
    .replace(/ /g, "␣")
    .replace(/\r\n|[\n\r]/g, "⏎")
    .replace(/\t/g, "⇥")
    .replace(/[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/gu, (char) => `\\u${hex(char)}`);
}

function hex(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
}

/** The text cut to so many characters, the last an ellipsis. */
export function clipped(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** The text in lines of at most `width` characters, at most `most` of them. */
export function wrapped(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest !== "" && lines.length < most - 1 && rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > width / 2 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trim();
  }
  if (rest !== "") lines.push(clipped(rest, width));
  return lines;
}

/** 1234567 → `1,234,567`. */
export function counted(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A number to three significant digits, without an exponent where that can be read: 0.0123, 12.3, 1.2e-9. */
export function brief(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(1);
  return size >= 1000 ? counted(value) : value.toPrecision(3);
}

/** A count with a metric prefix: 1234567 → `1.23 M`. */
export function prefixed(value: number, unit = ""): string {
  const prefixes = ["", "k", "M", "G", "T", "P"];
  const power = value < 1000 ? 0 : Math.min(prefixes.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  const shown = power === 0 ? String(scaled) : scaled.toPrecision(3);
  return `${shown} ${prefixes[power]}${unit}`.trimEnd();
}

/** Milliseconds in words: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.round(seconds) % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Values as one line of bars, each the mean of its share: `█▆▄▂▁`. Values that are not finite leave a gap. */
export function sparkline(values: readonly number[], width = 40): string {
  const bars = "▁▂▃▄▅▆▇█";
  const count = Math.min(width, values.length);
  const means = Array.from({ length: count }, (_, i) => {
    const share = values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count));
    return share.reduce((sum, value) => sum + value, 0) / share.length;
  });
  const finite = means.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low || 1;
  return means.map((mean) => (Number.isFinite(mean) ? bars[Math.round(((mean - low) / span) * 7)] : " ")).join("");
}
