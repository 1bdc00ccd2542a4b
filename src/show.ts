/** Figures of the library's own values, as users see them: `show.attention(explain.attention(gpt, text, "Call me"))`. */
import type { Dataset } from "./data/dataset.js";
import type { Figure } from "./display/figure.js";
import { type ImageGridOptions, imageGrid } from "./display/image-grid.js";
import { ShapeError } from "./errors.js";
import type { Model } from "./nn/module.js";
import { checkOptions, positiveInteger } from "./tensor/arguments.js";
import { type Shape, showShape, sizeOf } from "./tensor/shape.js";
import { type Classified, classify } from "./train/classify.js";
import { scope } from "./train/scope.js";

export { type AttentionMapOptions, attentionMap as attention } from "./display/attention-map.js";
export { type FigureSpec, figure, type Trace } from "./display/figure.js";
export { type ImageGridOptions, type Images, imageGrid } from "./display/image-grid.js";
export { modelSummary as summary } from "./display/summary.js";

/** Which examples to show, and how. */
export interface ExampleOptions {
  /** How many, from the first. Default 20. */
  readonly count?: number;
  /** Exactly these, instead of the first ones. */
  readonly indices?: readonly number[];
  readonly columns?: number;
  readonly title?: string;
}

/** Examples of a data set of images, with their classes. Throws ShapeError when they are no images. */
export function images(dataset: Dataset, options: ExampleOptions = {}): Figure {
  const indices = chosen("images", dataset, options);
  const pixels = scope(() => dataset.batch(indices).x.dataSync<"float32">());
  const labels = indices.map((index) => dataset.y(index));
  const captions = labels.every((label): label is number => typeof label === "number") ? { expected: labels } : {};
  return grid("images", dataset, indices.length, pixels, { ...captions, ...layout(options) });
}

/** What a classifier says of a data set's images, and how sure it is; wrong answers are marked. Throws what `classify` throws. */
export function predictions(model: Model, dataset: Dataset, options: ExampleOptions = {}): Figure {
  const classified: Classified = classify(model, dataset, chosen("predictions", dataset, options));
  return grid("predictions", dataset, classified.indices.length, classified.inputs, {
    predicted: Array.from(classified.predicted),
    expected: Array.from(classified.labels),
    confidence: Array.from(classified.probability),
    ...layout(options),
  });
}

function chosen(what: string, dataset: Dataset, options: ExampleOptions): readonly number[] {
  checkOptions(what, options, ["count", "indices", "columns", "title"]);
  const { count = 20, indices } = options;
  positiveInteger(`${what}: count`, count);
  return indices ?? Array.from({ length: Math.min(count, dataset.size) }, (_, index) => index);
}

function layout({ columns, title }: ExampleOptions): ImageGridOptions {
  return { ...(columns !== undefined && { columns }), ...(title !== undefined && { title }) };
}

function grid(
  what: string,
  dataset: Dataset,
  count: number,
  pixels: Float32Array | Int32Array,
  options: ImageGridOptions,
): Figure {
  const shape: Shape = dataset.inputShape;
  const [height, width, channels] = shape;
  if (shape.length !== 3 || pixels.length !== count * sizeOf(shape)) {
    const got = `${showShape(shape)} from ${dataset.name}`;
    throw new ShapeError({ what, expected: "a data set of images [height, width, channels]", got });
  }
  return imageGrid(
    { pixels: Float32Array.from(pixels), shape: [count, height!, width!, channels!] },
    { ...options, ...(dataset.classes !== undefined && { classes: dataset.classes }) },
  );
}
