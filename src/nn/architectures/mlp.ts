import { ValueError } from "../../errors.js";
import { checkOptions, numberIn, oneOf, positiveInteger, show } from "../../tensor/arguments.js";
import type { Shape } from "../../tensor/shape.js";
import { gelu } from "../activations/gelu.js";
import { relu } from "../activations/relu.js";
import { sigmoid } from "../activations/sigmoid.js";
import { tanh } from "../activations/tanh.js";
import { dense } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { flatten } from "../flatten.js";
import type { Model } from "../module.js";
import { assemble, type Part } from "./assemble.js";

const activations = { relu, tanh, sigmoid, gelu } as const;

/** The size of an {@link mlp}. */
export interface MlpOptions<Input extends Shape = Shape, Outputs extends number = number> {
  /** The shape of one example; it is flattened. */
  readonly input: Input;
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly outputs: Outputs;
  /** Behind each hidden layer. Default "relu". */
  readonly activation?: keyof typeof activations;
  /** The share of hidden values dropped in training. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

/**
 * A multilayer perceptron (Rumelhart, Hinton and Williams 1986): dense layers, one after another, with an activation between them.
 * [...] → [outputs]. First weights Glorot uniform. Throws ValueError, MemoryError.
 */
export function mlp<const Input extends Shape, const Outputs extends number>(
  options: MlpOptions<Input, Outputs>,
): Model<[...Input], [Outputs]> {
  checkOptions("mlp", options, ["input", "hidden", "outputs", "activation", "dropout", "seed"]);
  const { input, hidden, outputs, activation = "relu", dropout: rate = 0, seed } = options;
  lengths("mlp: input", input);
  lengths("mlp: hidden", hidden);
  positiveInteger("mlp: outputs", outputs);
  oneOf("mlp: activation", activation, Object.keys(activations) as (keyof typeof activations)[]);
  numberIn("mlp: dropout", rate, 0, 1);
  const layers = hidden.flatMap((units, index): Part[] => [
    [`hidden.${index}`, dense(units)],
    [`activation.${index}`, activations[activation]()],
    ...(rate > 0 ? [[`dropout.${index}`, dropout(rate)] as const] : []),
  ]);
  const parts: Part[] = [...(input.length > 1 ? [["flatten", flatten()] as const] : []), ...layers];
  return assemble<[...Input], [Outputs]>({ name: "mlp", input: [...input], seed }, [
    ...parts,
    ["head", dense(outputs)],
  ]);
}

/** Throws ValueError unless it is a list of whole numbers above 0. */
function lengths(what: string, values: readonly number[]): void {
  if (!Array.isArray(values)) {
    throw new ValueError({ what, expected: "a list of whole numbers above 0", got: show(values) });
  }
  values.forEach((value, index) => {
    positiveInteger(`${what}, number ${index}`, value);
  });
}
