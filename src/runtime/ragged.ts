/** tfjs's functions of ragged tensors, with gradients: what moves is looked up by number. */
import * as core from "@tensorflow/tfjs-core";

/** Slices of a ragged tensor by their indices. Which rows come where is found with the rows' numbers. */
export const raggedGather: typeof core.raggedGather = (splits, values, indices, outputRaggedRank) => {
  const dense = asTensor(values);
  const rows = core.range(0, dense.shape[0] as number, 1, "int32");
  const { outputNestedSplits, outputDenseValues } = core.raggedGather(splits, rows, indices, outputRaggedRank);
  return { outputNestedSplits, outputDenseValues: core.gather(dense, outputDenseValues as core.Tensor1D) };
};

/** A ragged tensor made even with a value for what is missing. */
export const raggedTensorToTensor: typeof core.raggedTensorToTensor = (shape, values, defaultValue, tensors, types) => {
  const [dense, missing] = [asTensor(values), asTensor(defaultValue)];
  const [count = 0, ...inner] = dense.shape;
  // Without rows there is nothing to look up, and no gradient.
  if (count === 0) return core.raggedTensorToTensor(shape, dense, missing, tensors, types);
  const whole = asTensor(shape, "int32");
  const outer = core.slice(whole, [0], [whole.size - inner.length]);
  const [zero, one] = [core.scalar(0, "int32"), core.scalar(1, "int32")];
  const numbers = core.raggedTensorToTensor(outer, core.range(1, count + 1, 1, "int32"), zero, tensors, types);
  const taken = core.gather(dense, core.maximum(core.sub(numbers, one), zero));
  const isThere = core.reshape(core.greater(numbers, zero), [...numbers.shape, ...inner.map(() => 1)]);
  return core.where(isThere, taken, missing);
};

function asTensor(x: core.Tensor | core.TensorLike, dtype?: "int32"): core.Tensor {
  return x instanceof core.Tensor ? x : core.tensor(x as number[], undefined, dtype);
}
