const units = [
  ["s", 1000],
  ["ms", 1],
  ["µs", 1e-3],
  ["ns", 1e-6],
] as const;

/** A time in ms as text with three digits: `12.3 µs`; from a minute on `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 60_000) {
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  // Below a thousandth of a nanosecond there is nothing to measure.
  if (!(milliseconds > 1e-9)) return "0 ns";
  const [unit, size] = units.find(([, size]) => milliseconds >= size * 0.9995) ?? ["ns", 1e-6];
  return `${Number((milliseconds / size).toPrecision(3))} ${unit}`;
}
