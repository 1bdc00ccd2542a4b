/** Cheaper operations for the same values, chosen when the shapes are known. */
import type { Attribute } from "./attributes.js";
import type { Known, TracedOperation } from "./trace.js";

/** An operation and its attributes. */
export interface Rewritten {
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

type KnownOf = (id: number) => Known | undefined;

/** The number of the tensor that the result of an operation already is: a cast or a reshape that changes nothing. */
export function sameAs({ name, inputs, outputs }: TracedOperation, knownOf: KnownOf): number | undefined {
  if (name !== "Reshape" && name !== "Cast") return undefined;
  const [before, after] = [knownOf(inputs[0]!), outputs[0]!];
  return before?.dtype === after.dtype && sameSizes(before.shape, after.shape) ? inputs[0] : undefined;
}

/** The operation that a graph should hold in the place of a traced one. */
export function simplify(traced: TracedOperation, knownOf: KnownOf): Rewritten {
  const shapes = traced.inputs.map((id) => knownOf(id)?.shape);
  if (traced.name === "BatchMatMulV2" && shapes.every((shape) => shape?.length === 2)) return asMatMul(traced);
  const [x, bias] = shapes;
  const isBias = bias?.length === 1 && x !== undefined && x.length > 1 && x.at(-1) === bias[0];
  if (traced.name === "Add" && isBias) return { name: "BiasAdd", attributes: traced.attributes };
  return traced;
}

function sameSizes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** TensorFlow fuses a MatMul with the BiasAdd and the activation behind it, and multiplies it on all cores. */
function asMatMul({ attributes }: TracedOperation): Rewritten {
  const renamed: Readonly<Record<string, string>> = { adj_x: "transpose_a", adj_y: "transpose_b" };
  return {
    name: "MatMul",
    attributes: attributes.map(({ name, type, value }) => ({ name: renamed[name] ?? name, type, value })),
  };
}
