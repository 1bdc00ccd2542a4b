/** Sums of products after Einstein are derived by others. */
import {
  broadcastTo,
  Einsum,
  type EinsumAttrs,
  einsum as einsumOf,
  type GradConfig,
  reshape,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { type Equation, inLetters, written } from "../kernels/einsum.js";

/** `Einsum` of any number of tensors, with dots and with letters that stand twice. */
export const einsum: GradConfig = {
  kernelName: Einsum,
  saveAllInputs: true,
  gradFunc: (dy, saved, attributes) => {
    const { equation } = attributes as unknown as EinsumAttrs;
    const inLettersAlone = inLetters(equation, saved);
    const gradients = saved.map((tensor, i) => [
      i,
      () => reshape(ofInput(dy as Tensor, inLettersAlone, i), tensor.shape),
    ]);
    return Object.fromEntries(gradients);
  },
};

function ofInput(dy: Tensor, { inputs, output }: Equation, index: number): Tensor {
  const { labels, tensor } = inputs[index] as Equation["inputs"][number];
  const others = [{ labels: output, tensor: dy }, ...inputs.filter((_, i) => i !== index)];
  const known = new Set(others.flatMap((other) => other.labels));
  const found = labels.filter((label) => known.has(label));
  const gradient = einsumOf(written(others, found), ...others.map((other) => other.tensor));
  if (found.length === labels.length) return gradient;
  // A letter that nothing else has was summed over: each of its places gets the same.
  const shape = labels.map((label, axis) => (known.has(label) ? (tensor.shape[axis] as number) : 1));
  return broadcastTo(reshape(gradient, shape), tensor.shape);
}
