import { DataError } from "../errors.js";
import { type Shape, showShape, sizeOf } from "../tensor/shape.js";
import { bfloatToFloat, halfToFloat } from "./small-floats.js";

/** Element types that files hold, by safetensors' names, and the bytes of one element. */
export const widths = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

/** The element type of an array in a file. */
export type StoredType = keyof typeof widths;

/** An array as it lies in a file: row by row, little-endian. */
export interface Stored {
  readonly dtype: StoredType;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

/** Arrays by name, in the order of the file. */
export type StoredArrays = ReadonlyMap<string, Stored>;

/** Numbers of JavaScript as an array of a file, not copied: every machine that TensorFlow runs on is little-endian. */
export function store(shape: Shape, values: Float32Array | Float64Array | Int32Array | Uint8Array): Stored {
  const dtype =
    values instanceof Float32Array
      ? "F32"
      : values instanceof Float64Array
        ? "F64"
        : values instanceof Int32Array
          ? "I32"
          : "BOOL";
  return { dtype, shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

/** The values as float32: exact for F32, F16 and BF16, rounded for wider types. */
export function floatsOf({ dtype, bytes }: Stored): Float32Array {
  if (dtype === "F32") return new Float32Array(aligned(bytes));
  if (dtype === "F16") return Float32Array.from(new Uint16Array(aligned(bytes)), halfToFloat);
  if (dtype === "BF16") return Float32Array.from(new Uint16Array(aligned(bytes)), bfloatToFloat);
  return Float32Array.from(numbersOf({ dtype, bytes }));
}

/** The values as float64, which holds all of them but the largest integers of 64 bits. */
export function doublesOf(stored: Stored): Float64Array {
  if (stored.dtype === "F64") return new Float64Array(aligned(stored.bytes));
  if (stored.dtype === "F16" || stored.dtype === "BF16") return Float64Array.from(floatsOf(stored));
  return Float64Array.from(numbersOf(stored));
}

/** The values as int32. */
export function integersOf(stored: Stored): Int32Array {
  return Int32Array.from(numbersOf(stored));
}

/** The same values with axis `axes[i]` in place `i`. */
export function transposed(stored: Stored, axes: readonly number[]): Stored {
  const { dtype, shape, bytes } = stored;
  if (axes.every((axis, place) => axis === place)) return stored;
  const width = widths[dtype];
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)) * width);
  const newShape = axes.map((axis) => shape[axis]!);
  const steps = axes.map((axis) => strides[axis]!);
  const result = new Uint8Array(bytes.length);
  const index = axes.map(() => 0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += width) {
    for (let byte = 0; byte < width; byte++) result[to + byte] = bytes[from + byte]!;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      index[axis]!++;
      if (index[axis]! < newShape[axis]!) break;
      from -= steps[axis]! * newShape[axis]!;
      index[axis] = 0;
    }
  }
  return { dtype, shape: newShape, bytes: result };
}

/** The same values in another shape of the same size. Throws DataError. */
export function reshaped(what: string, stored: Stored, shape: Shape): Stored {
  if (sizeOf(shape) === sizeOf(stored.shape)) return { ...stored, shape };
  throw new DataError({ what, expected: `${sizeOf(shape)} values`, got: showShape(stored.shape) });
}

function numbersOf({ dtype, bytes }: Pick<Stored, "dtype" | "bytes">): ArrayLike<number> {
  const buffer = aligned(bytes);
  switch (dtype) {
    case "F64":
      return new Float64Array(buffer);
    case "I64":
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case "U64":
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case "I32":
      return new Int32Array(buffer);
    case "U32":
      return new Uint32Array(buffer);
    case "I16":
      return new Int16Array(buffer);
    case "U16":
      return new Uint16Array(buffer);
    case "I8":
      return new Int8Array(buffer);
    case "U8":
    case "BOOL":
      return new Uint8Array(buffer);
    default:
      return floatsOf({ dtype, bytes, shape: [] });
  }
}

/** A copy, because what lies in the middle of a file may begin at any byte. (A Buffer's `slice` would be none.) */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
