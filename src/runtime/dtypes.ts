/** TensorFlow's element types (`TF_DataType` of tf_datatype.h) and their counterparts in JavaScript. */

/** The values of `TF_DataType` that have a name here. */
export const TF = {
  FLOAT: 1,
  DOUBLE: 2,
  INT32: 3,
  UINT8: 4,
  INT16: 5,
  INT8: 6,
  STRING: 7,
  COMPLEX64: 8,
  INT64: 9,
  BOOL: 10,
  UINT16: 17,
  COMPLEX128: 18,
  HALF: 19,
  RESOURCE: 20,
  VARIANT: 21,
  UINT32: 22,
  UINT64: 23,
  BFLOAT16: 14,
} as const;

/** The typed arrays that tensors are made of and read as. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

type ArrayClass = new (buffer: ArrayBuffer) => Numbers;

interface Dtype {
  readonly name: string;
  /** Bytes an element. */
  readonly width: number;
  /** What holds the elements; half and bfloat16 are read as their bits, complex as pairs. */
  readonly array: ArrayClass;
}

const dtypes: ReadonlyMap<number, Dtype> = new Map<number, Dtype>([
  [TF.FLOAT, { name: "float32", width: 4, array: Float32Array }],
  [TF.DOUBLE, { name: "float64", width: 8, array: Float64Array }],
  [TF.INT32, { name: "int32", width: 4, array: Int32Array }],
  [TF.UINT8, { name: "uint8", width: 1, array: Uint8Array }],
  [TF.INT16, { name: "int16", width: 2, array: Int16Array }],
  [TF.INT8, { name: "int8", width: 1, array: Int8Array }],
  [TF.COMPLEX64, { name: "complex64", width: 8, array: Float32Array }],
  [TF.INT64, { name: "int64", width: 8, array: BigInt64Array }],
  [TF.BOOL, { name: "bool", width: 1, array: Uint8Array }],
  [TF.BFLOAT16, { name: "bfloat16", width: 2, array: Uint16Array }],
  [TF.UINT16, { name: "uint16", width: 2, array: Uint16Array }],
  [TF.COMPLEX128, { name: "complex128", width: 16, array: Float64Array }],
  [TF.HALF, { name: "float16", width: 2, array: Uint16Array }],
  [TF.UINT32, { name: "uint32", width: 4, array: Uint32Array }],
  [TF.UINT64, { name: "uint64", width: 8, array: BigUint64Array }],
]);

/** Bytes an element, 0 for strings, resources and types without a fixed width. */
export function widthOf(dtype: number): number {
  return dtypes.get(dtype)?.width ?? 0;
}

/** A typed array over the raw bytes of a tensor of that type; bytes stay bytes where JavaScript has no such numbers. */
export function numbersOver(dtype: number, buffer: ArrayBuffer): Numbers {
  const kind = dtypes.get(dtype)?.array ?? Uint8Array;
  return new kind(buffer);
}

/** `float32 [2, 3]`, as error messages show a tensor. */
export function describe(dtype: number, shape: readonly number[]): string {
  const names = new Map<number, string>([
    [TF.STRING, "string"],
    [TF.RESOURCE, "resource"],
    [TF.VARIANT, "variant"],
  ]);
  return `${dtypes.get(dtype)?.name ?? names.get(dtype) ?? `type ${dtype}`} [${shape.join(", ")}]`;
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/**
 * The bytes of a tensor of `size` elements, given as JavaScript has them: a typed array of the right kind is taken as it is
 * (int64 also as pairs of int32, low half first, which is how tfjs-node writes it), other numbers are converted.
 *
 * @returns undefined when the number of values does not fit.
 */
export function bytesOf(
  dtype: number,
  size: number,
  values: ArrayLike<number | bigint | boolean>,
): Numbers | undefined {
  const kind = dtypes.get(dtype);
  if (kind === undefined) return undefined;
  const bytes = size * kind.width;
  const asGiven = values as unknown;
  if (asGiven instanceof kind.array || (dtype === TF.INT64 && asGiven instanceof Int32Array)) {
    const numbers = asGiven as Numbers;
    if (numbers.byteLength === bytes) return numbers;
    if (asGiven instanceof kind.array) return undefined;
  }
  const perElement = dtype === TF.COMPLEX64 || dtype === TF.COMPLEX128 ? 2 : 1;
  if (values.length !== size * perElement) return undefined;
  const numbers = numbersOver(dtype, new ArrayBuffer(bytes));
  const wide = numbers instanceof BigInt64Array || numbers instanceof BigUint64Array;
  for (let i = 0; i < values.length; i++) {
    numbers[i] = wide ? BigInt(values[i] as number) : Number(values[i]);
  }
  return numbers;
}
