/** Cheaper operations for the same values, chosen when the shapes are known. */
import type { Attribute } from "./attributes.js";
import type { TracedOperation } from "./trace.js";

/** An operation and its attributes. */
export interface Rewritten {
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

/** The operation that a graph should hold in the place of a traced one. */
export function simplify(traced: TracedOperation, shapeOf: (id: number) => readonly number[] | undefined): Rewritten {
  const plainMatrices = traced.inputs.every((id) => shapeOf(id)?.length === 2);
  if (traced.name === "BatchMatMulV2" && plainMatrices) return asMatMul(traced);
  return traced;
}

/** TensorFlow fuses a MatMul with the bias and the activation behind it, and multiplies it on all cores. */
function asMatMul({ attributes }: TracedOperation): Rewritten {
  const renamed: Readonly<Record<string, string>> = { adj_x: "transpose_a", adj_y: "transpose_b" };
  return {
    name: "MatMul",
    attributes: attributes.map(({ name, type, value }) => ({ name: renamed[name] ?? name, type, value })),
  };
}
