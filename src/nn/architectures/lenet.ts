import { checkOptions, positiveInteger } from "../../tensor/arguments.js";
import { tanh } from "../activations/tanh.js";
import { conv2d } from "../convolution/convolution.js";
import { averagePool2d } from "../convolution/pool.js";
import { dense } from "../dense.js";
import { flatten } from "../flatten.js";
import type { Model } from "../module.js";
import { assemble, requireImage } from "./assemble.js";

/** The size of a {@link lenet}. */
export interface LenetOptions<
  Input extends readonly [number, number, number] = readonly [number, number, number],
  Classes extends number = number,
> {
  /** [height, width, channels] of an image, [28, 28, 1] for MNIST. */
  readonly input: Input;
  readonly classes: Classes;
  /** For the first weights. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998, section II.B), as it is written today: two convolutions with tanh and average pools,
 * three dense layers. The first convolution keeps the size, as the paper's margin of the digits does. [height, width, channels] →
 * [classes] logits; 61,706 weights for [28, 28, 1] and 10 classes. Throws ValueError, MemoryError.
 */
export function lenet<const Input extends readonly [number, number, number], const Classes extends number>(
  options: LenetOptions<Input, Classes>,
): Model<[...Input], [Classes]> {
  checkOptions("lenet", options, ["input", "classes", "seed"]);
  const { input, classes, seed } = options;
  requireImage("lenet", input);
  positiveInteger("lenet: classes", classes);
  return assemble<[...Input], [Classes]>({ name: "lenet", input: [...input], seed }, [
    ["conv1", conv2d(6, 5, { padding: "same" })],
    ["tanh1", tanh()],
    ["pool1", averagePool2d(2)],
    ["conv2", conv2d(16, 5)],
    ["tanh2", tanh()],
    ["pool2", averagePool2d(2)],
    ["flatten", flatten()],
    ["dense1", dense(120)],
    ["tanh3", tanh()],
    ["dense2", dense(84)],
    ["tanh4", tanh()],
    ["head", dense(classes)],
  ]);
}
