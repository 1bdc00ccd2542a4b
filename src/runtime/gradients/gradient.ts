/** How a gradient of our own is written. */
import {
  BroadcastTo,
  broadcast_util,
  broadcastTo,
  engine,
  type GradConfig,
  getBackend,
  getKernel,
  type NamedAttrMap,
  reshape,
  sum,
  type Tensor,
  zeros,
} from "@tensorflow/tfjs-core";

/** What an operation must keep for its way back: inputs by their names, outputs by their numbers. */
interface Kept {
  readonly inputs?: readonly string[];
  readonly outputs?: readonly number[];
}

/**
 * The gradient of a kernel. `back` gets the gradient of its output (of each output, where there are several), what it kept
 * (inputs first) and the kernel's attributes, and gives the gradient of each input as a function. It must use operations that
 * can be derived again.
 */
export function gradient<A = NamedAttrMap, D extends Tensor | Tensor[] = Tensor>(
  kernelName: string,
  { inputs = [], outputs = [] }: Kept,
  back: (dy: D, kept: readonly Tensor[], attributes: A) => Record<string, () => Tensor>,
): GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: Array.from({ length: Math.max(-1, ...outputs) + 1 }, (_, i) => outputs.includes(i)),
    gradFunc: (dy, kept, attributes) => back(dy as D, kept, attributes as unknown as A),
  };
}

/** Runs a kernel for which tfjs has no public function. */
export function run(kernelName: string, inputs: Readonly<Record<string, Tensor>>, attributes: object = {}): Tensor {
  return engine().runKernel(kernelName, inputs, attributes as NamedAttrMap) as Tensor;
}

/** Whether the backend in use has a kernel. The ones in the place of TensorFlow know those of tfjs only. */
export function has(kernelName: string): boolean {
  return getKernel(kernelName, getBackend()) !== undefined;
}

/** The gradient that went to a sum over axes, at all of what was summed. */
export function stretch(dy: Tensor, shape: number[]): Tensor {
  return has(BroadcastTo) ? run(BroadcastTo, { x: dy }, { shape, inputShape: dy.shape }) : broadcastTo(dy, shape);
}

/** The gradient of an input of this shape that was stretched to that of `dy`. */
export function unstretch(dy: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, dy.shape);
  return reshape(axes.length > 0 ? sum(dy, axes) : dy, shape);
}

/** The gradient of what the result does not change with. */
export function none(input: Tensor): Tensor {
  return zeros(input.shape);
}
