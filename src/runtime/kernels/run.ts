/** How a kernel of our own runs an operation of TensorFlow. */
import {
  type DataType,
  type KernelConfig,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
  tidy,
} from "@tensorflow/tfjs-core";
import { Attr, type Attribute, typeAttribute } from "../attributes.js";
import { TF } from "../dtypes.js";
import type { NodeBackend } from "../node-backend.js";
import type { Metadata } from "../tensors.js";

/** A tensor, or whole numbers that become an int32 constant: a scalar, a vector or a matrix. */
export type Input = TensorInfo | Int64 | number | readonly number[] | readonly (readonly number[])[];

/** A tensor that an operation wants as int64, which tfjs does not know. */
export class Int64 {
  readonly of: TensorInfo;
  constructor(of: TensorInfo) {
    this.of = of;
  }
}

/**
 * Runs one operation and returns its outputs, int64 as int32. TensorFlow tells the types of its inputs by itself, so attributes
 * like `T` stay out, but for operations that take lists.
 *
 * @throws RuntimeError in TensorFlow's words.
 */
export type Run = (
  operation: string,
  inputs: readonly Input[],
  attributes?: readonly Attribute[],
  outputs?: number,
) => [Tensor, ...Tensor[]];

/** A kernel's inputs by their names in tfjs; those that may be left out are then undefined. */
type Inputs<I extends string> = Readonly<Record<I, Tensor>>;

/**
 * A kernel of the native backend. `A` are its attributes as tfjs gives them. It may use tfjs's own operations: nothing inside of a
 * kernel is derived, and what it does not return is freed.
 */
export function kernel<I extends string, A = NamedAttrMap>(
  kernelName: string,
  compute: (inputs: Inputs<I>, attributes: A, run: Run) => Tensor | Tensor[],
): KernelConfig {
  return {
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs, backend }) =>
      // tfjs's types promise less than tensors, which its engine gives.
      tidy(() => compute(inputs as Inputs<I>, (attrs ?? {}) as A, runOn(backend as NodeBackend))),
  };
}

/** An attribute that is a whole number. */
export const int = (name: string, value: number): Attribute => ({ name, type: Attr.INT, value });
/** An attribute that is a list of whole numbers. */
export const ints = (name: string, value: readonly number[]): Attribute => ({ name, type: Attr.INT, value });
/** An attribute that is true or false. */
export const bool = (name: string, value: boolean): Attribute => ({ name, type: Attr.BOOL, value });
/** An attribute that is a number. */
export const float = (name: string, value: number): Attribute => ({ name, type: Attr.FLOAT, value });
/** An attribute that is text, or a list of texts. */
export const text = (name: string, value: string | readonly string[]): Attribute => ({
  name,
  type: Attr.STRING,
  value,
});
/** An attribute that is the element type of a tensor. */
export const typeOf = (name: string, { dtype }: TensorInfo): Attribute => type(name, types[dtype]);
/** An attribute that is an element type, a `TF_DataType`. */
export const type = typeAttribute;

const types: Readonly<Record<DataType, number>> = {
  float32: TF.FLOAT,
  int32: TF.INT32,
  bool: TF.BOOL,
  complex64: TF.COMPLEX64,
  string: TF.STRING,
};

function runOn(backend: NodeBackend): Run {
  const { binding } = backend;
  const idOf = (tensor: TensorInfo) => backend.getInputTensorIds([tensor])[0] as number;
  const cast = (id: number, to: number) => binding.executeOp("Cast", [type("DstT", to)], [id], 1)[0] as Metadata;
  return (operation, inputs, attributes = [], outputs = 1) => {
    const passing: number[] = [];
    const pass = (id: number) => {
      passing.push(id);
      return id;
    };
    const give = (input: Input): number => {
      if (input instanceof Int64) return pass(cast(idOf(input.of), TF.INT64).id);
      if (isTensor(input)) return idOf(input);
      return pass(binding.createTensor(shapeOf(input), TF.INT32, Int32Array.from([input].flat(2) as number[])));
    };
    const take = (result: Metadata): Tensor =>
      backend.createOutputTensor(result.dtype === TF.INT64 ? cast(pass(result.id), TF.INT32) : result);
    try {
      const results = binding.executeOp(operation, attributes, inputs.map(give), outputs);
      return results.map(take) as [Tensor, ...Tensor[]];
    } finally {
      for (const id of passing) binding.deleteTensor(id);
    }
  };
}

function isTensor(input: Input): input is TensorInfo {
  return typeof input === "object" && "dataId" in input;
}

function shapeOf(numbers: number | readonly number[] | readonly (readonly number[])[]): number[] {
  if (typeof numbers === "number") return [];
  const [first] = numbers;
  return first === undefined || typeof first === "number" ? [numbers.length] : [numbers.length, first.length];
}
