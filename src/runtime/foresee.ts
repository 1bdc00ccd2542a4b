/** Results that are much bigger than what they are made of, refused before TensorFlow tries to allocate them. */
import type { Attribute } from "./attributes.js";
import { describe, sizeOf, TF, widthOf } from "./dtypes.js";
import { reserve } from "./memory.js";
import type { Held, Tensors } from "./tensors.js";

/** The shape of the result, or undefined where it is left to TensorFlow. */
type Shape = readonly number[] | undefined;
type Foresight = (inputs: readonly Held[], attributes: readonly Attribute[], tensors: Tensors) => Shape;

/** Operations whose first or only input is the shape of the result. */
const shapeFirst: Foresight = ([shape], _, tensors) => readSizes(shape, tensors);
const shapeSecond: Foresight = ([, shape], _, tensors) => readSizes(shape, tensors);

/** Operations whose result is bool whatever their inputs are. */
const comparisons = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual", "LogicalAnd", "LogicalOr"];

const foresights: ReadonlyMap<string, Foresight> = new Map<string, Foresight>([
  ["Fill", shapeFirst],
  ...["RandomStandardNormal", "RandomUniform", "TruncatedNormal"].map((name) => [name, shapeFirst] as const),
  ...["StatelessRandomNormalV2", "StatelessRandomUniformV2", "StatelessTruncatedNormalV2"].map(
    (name) => [name, shapeFirst] as const,
  ),
  ["BroadcastTo", shapeSecond],
  [
    "Tile",
    ([input, repeats], _, tensors) => readSizes(repeats, tensors)?.map((times, i) => times * (input?.shape[i] ?? 1)),
  ],
  ["OneHot", ([indices, depth], _, tensors) => [...(indices?.shape ?? []), ...(readSizes(depth, tensors) ?? [])]],
  ["MatMul", (inputs, attributes) => product(inputs, attributes, "transpose_a", "transpose_b")],
  ["BatchMatMulV2", (inputs, attributes) => product(inputs, attributes, "adj_x", "adj_y")],
  ...["Add", "AddV2", "Sub", "Mul", "RealDiv", "Div", "Maximum", "Minimum", "Pow", "SquaredDifference", "FloorDiv"].map(
    (name) => [name, broadcast] as const,
  ),
  ...comparisons.map((name) => [name, broadcast] as const),
]);

/**
 * Refuses an operation whose result would not fit into memory, as far as that can be told from its inputs.
 *
 * @throws MemoryError; nothing was allocated.
 */
export function foresee(
  operation: string,
  attributes: readonly Attribute[],
  inputs: readonly Held[],
  tensors: Tensors,
): void {
  const shape = foresights.get(operation)?.(inputs, attributes, tensors);
  if (shape === undefined) return;
  const dtype = resultDtype(operation, attributes, inputs);
  const bytes = sizeOf(shape) * widthOf(dtype);
  if (bytes > 2 ** 20) reserve(operation, bytes, describe(dtype, shape));
}

/** The type that the operation says, else that of its first input that is no list of sizes. */
function resultDtype(operation: string, attributes: readonly Attribute[], inputs: readonly Held[]): number {
  if (comparisons.includes(operation)) return TF.BOOL;
  const said = attributes.find(({ name }) => name === "dtype")?.value;
  if (typeof said === "number") return said;
  return inputs.find((input) => widthOf(input.dtype) > 0 && input.dtype !== TF.INT32)?.dtype ?? TF.FLOAT;
}

function readSizes(held: Held | undefined, tensors: Tensors): Shape {
  if (held === undefined || (held.dtype !== TF.INT32 && held.dtype !== TF.INT64)) return undefined;
  return Array.from(tensors.read(held.id) as Int32Array, Number);
}

/** The shape of two inputs stretched over each other, when it can be big. */
function broadcast([a, b]: readonly Held[]): Shape {
  if (a === undefined || b === undefined || sizeOf(a.shape) * sizeOf(b.shape) < 2 ** 20) return undefined;
  const [long, short] = a.shape.length < b.shape.length ? [b.shape, a.shape] : [a.shape, b.shape];
  const skip = long.length - short.length;
  return long.map((size, i) => Math.max(size, i < skip ? 1 : (short[i - skip] as number)));
}

function product([a, b]: readonly Held[], attributes: readonly Attribute[], left: string, right: string): Shape {
  if (a === undefined || b === undefined || a.shape.length < 2 || b.shape.length < 2) return undefined;
  const isSet = (name: string) => attributes.some((attribute) => attribute.name === name && attribute.value === true);
  const rows = a.shape.at(isSet(left) ? -1 : -2) as number;
  const columns = b.shape.at(isSet(right) ? -2 : -1) as number;
  return [...a.shape.slice(0, -2), rows, columns];
}
