import type { Dataset } from "../data/dataset.js";
import { DataError, ShapeError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { type Shape, showShape } from "../tensor/shape.js";
import { scope } from "./scope.js";

/** What a model says of some examples, beside what they are: the image grid shows it. */
export interface Classified {
  /** Where the examples stand in their data set. */
  readonly indices: readonly number[];
  /** Shape of one input: [height, width, channels] for images. */
  readonly inputShape: Shape;
  /** [examples, ...inputShape] */
  readonly inputs: Float32Array | Int32Array;
  /** Names of the classes; numbers in quotes where the data set names none. */
  readonly classes: readonly string[];
  /** [examples] the true class of each. */
  readonly labels: Int32Array;
  /** [examples] the most probable class of each. */
  readonly predicted: Int32Array;
  /** [examples] its probability. */
  readonly probability: Float32Array;
  /** [examples, classes] softmax of the model's scores. */
  readonly probabilities: Float32Array;
}

/**
 * What the model says of the examples with these indices. Throws ShapeError when it is no classifier of single examples,
 * DataError when the data set has no class indices, ValueError for an index outside the data set.
 */
export function classify(model: Model, dataset: Dataset, indices: readonly number[]): Classified {
  const [count, ...rest] = model.outputShape;
  if (count === undefined || rest.length > 0) {
    const got = `${model.name} with output ${showShape(model.outputShape)}`;
    throw new ShapeError({ what: "classify", expected: "a model whose output is [classes]", got });
  }
  const labels = indices.map((index) => dataset.y(index));
  if (!labels.every((label): label is number => typeof label === "number")) {
    const hint = "Say how many classes there are: data.fromArrays(x, y, { classes }).";
    throw new DataError({ what: "classify", expected: "a data set of class indices", got: dataset.name, hint });
  }
  return scope(() => {
    const { x } = dataset.batch(indices);
    const probabilities = model.predict(x).softmax();
    return {
      indices: [...indices],
      inputShape: dataset.inputShape,
      inputs: x.dataSync<"float32" | "int32">(),
      classes: dataset.classes ?? Array.from({ length: count }, (_, index) => String(index)),
      labels: Int32Array.from(labels),
      predicted: probabilities.argMax(-1).dataSync<"int32">(),
      probability: probabilities.max(-1).dataSync<"float32">(),
      probabilities: probabilities.dataSync<"float32">(),
    };
  });
}
