/** Cheaper operations for the same values, chosen when the shapes are known. */
import type { Attribute } from "./attributes.js";
import { sameShape, TF } from "./dtypes.js";
import type { Trace, TracedOperation } from "./trace.js";

/** An operation and its attributes. */
export interface Rewritten {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly attributes: readonly Attribute[];
}

/** What a rule may look at. */
type Facts = Pick<Trace, "known" | "constants">;

/** The number of the tensor that the result of an operation already is: a cast or a reshape that changes nothing. */
export function sameAs({ name, inputs, outputs }: TracedOperation, facts: Facts): number | undefined {
  if (name !== "Reshape" && name !== "Cast") return undefined;
  const [before, after] = [facts.known(inputs[0]!), outputs[0]!];
  return before.dtype === after.dtype && sameShape(before.shape, after.shape) ? inputs[0] : undefined;
}

/** The operation that a graph should hold in the place of a traced one. */
export function simplify(traced: TracedOperation, facts: Facts): Rewritten {
  const { name, attributes, inputs } = traced;
  const shapes = inputs.map((id) => facts.known(id).shape);
  if (name === "BatchMatMulV2" && shapes.every(({ length }) => length === 2)) return asMatMul(traced);
  if (name === "Add" && isBias(shapes[0]!, shapes[1]!)) return { name: "BiasAdd", attributes, inputs };
  // A quarter to a half of the time that TensorFlow's Sum takes.
  if (name === "Sum" && isBiasGradient(traced, facts)) {
    const attribute = attributes.filter(({ name }) => name === "T");
    return { name: "BiasAddGrad", attributes: attribute, inputs: [inputs[0]!] };
  }
  return traced;
}

/** Whether a vector is added to each row. */
function isBias(x: readonly number[], bias: readonly number[]): boolean {
  return bias.length === 1 && x.length > 1 && x.at(-1) === bias[0];
}

/** Whether a sum of float32 numbers goes over all axes but the last. */
function isBiasGradient({ inputs: [x, axes], outputs: [sum] }: TracedOperation, facts: Facts): boolean {
  const { shape, dtype } = facts.known(x!);
  const along = facts.constants.get(axes!)?.values as ArrayLike<number> | undefined;
  const isVector = sum!.shape.length === 1 && sum!.shape[0] === shape.at(-1);
  if (along === undefined || dtype !== TF.FLOAT || shape.length < 2 || !isVector) return false;
  const summed = new Set(Array.from(along, (axis) => (axis < 0 ? axis + shape.length : axis)));
  return summed.size === shape.length - 1 && !summed.has(shape.length - 1);
}

/** TensorFlow fuses a MatMul with the BiasAdd and the activation behind it, and multiplies it on all cores. */
function asMatMul({ attributes, inputs }: TracedOperation): Rewritten {
  const renamed: Readonly<Record<string, string>> = { adj_x: "transpose_a", adj_y: "transpose_b" };
  return {
    name: "MatMul",
    inputs,
    attributes: attributes.map(({ name, type, value }) => ({ name: renamed[name] ?? name, type, value })),
  };
}
