/** How a kernel of our own runs an operation of TensorFlow. */
import type { KernelConfig, NamedAttrMap, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { Attr, type Attribute } from "../attributes.js";
import type { Binding } from "../binding.js";
import { TF } from "../dtypes.js";

/** What a kernel needs of tfjs-node's backend. */
interface Backend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: { id: number; shape: readonly number[]; dtype: number }): Tensor;
}

/** A tensor, or whole numbers that become an int32 constant: a scalar, or a vector. */
export type Input = TensorInfo | number | readonly number[];

/**
 * Runs one operation and returns its outputs. TensorFlow tells the types of its inputs by itself, so attributes like `T` stay out.
 *
 * @throws RuntimeError in TensorFlow's words.
 */
export type Run = (
  operation: string,
  inputs: readonly Input[],
  attributes?: readonly Attribute[],
  outputs?: number,
) => [Tensor, ...Tensor[]];

/** A kernel's inputs by their names in tfjs. */
type Inputs<I extends string> = Readonly<Record<I, TensorInfo>>;

/** A kernel of the native backend. `A` are its attributes as tfjs gives them. */
export function kernel<I extends string, A = NamedAttrMap>(
  kernelName: string,
  compute: (inputs: Inputs<I>, attributes: A, run: Run) => Tensor | Tensor[],
): KernelConfig {
  return {
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute(inputs as Inputs<I>, (attrs ?? {}) as A, runOn(backend as unknown as Backend)),
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
/** An attribute that is text. */
export const text = (name: string, value: string): Attribute => ({ name, type: Attr.STRING, value });
/** An attribute that is an element type, a `TF_DataType`. */
export const type = (name: string, value: number): Attribute => ({ name, type: Attr.TYPE, value });

function runOn(backend: Backend): Run {
  const { binding } = backend;
  return (operation, inputs, attributes = [], outputs = 1) => {
    const constants: number[] = [];
    const ids = inputs.map((input) => {
      if (isTensor(input)) return backend.getInputTensorIds([input])[0] as number;
      const shape = typeof input === "number" ? [] : [input.length];
      const constant = binding.createTensor(shape, TF.INT32, Int32Array.from([input].flat()));
      constants.push(constant);
      return constant;
    });
    try {
      const results = binding.executeOp(operation, attributes, ids, outputs);
      return results.map((result) => backend.createOutputTensor(result)) as [Tensor, ...Tensor[]];
    } finally {
      for (const constant of constants) binding.deleteTensor(constant);
    }
  };
}

function isTensor(input: Input): input is TensorInfo {
  return typeof input === "object" && "dataId" in input;
}
