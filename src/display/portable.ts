const digits = 5;
/** Typed arrays shorter than this are written as numbers: that is shorter, and people can read it. */
const shortest = 32;

const dtypes = new Map<unknown, string>([
  [Int8Array, "i1"],
  [Uint8Array, "u1"],
  [Uint8ClampedArray, "u1"],
  [Int16Array, "i2"],
  [Uint16Array, "u2"],
  [Int32Array, "i4"],
  [Uint32Array, "u4"],
  [Float32Array, "f4"],
  [Float64Array, "f8"],
]);

/**
 * The value as small JSON that plotly reads: numbers to five significant digits, NaN and infinities as null (a gap), typed
 * arrays as plotly's `{ dtype, bdata }` (base64, little endian). Undefined properties are left out.
 */
export function portable(value: unknown): unknown {
  if (typeof value === "number") return number(value);
  if (ArrayBuffer.isView(value)) return typed(value);
  if (Array.isArray(value)) return value.map((item) => portable(item) ?? null);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, portable(item)]));
  }
  return value;
}

function number(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) ? value : Number(value.toPrecision(digits));
}

function typed(view: ArrayBufferView): unknown {
  const dtype = dtypes.get(view.constructor);
  if (dtype === undefined) throw new TypeError(`figure: expected numbers, got a ${view.constructor.name}.`);
  const values = view as Float64Array;
  if (values.length < shortest) return Array.from(values, number);
  return { dtype, bdata: Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64") };
}
