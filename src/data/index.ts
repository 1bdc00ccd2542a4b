/** The data sets, as users see them: `data.mnist()`. */
export { ArrayDataset } from "./arrays.js";
export { TextBlocks } from "./blocks.js";
export type { Example } from "./collate.js";
export type { Batch, Dataset } from "./dataset.js";
export { type ExampleShape, type FromArraysOptions, fromArrays, type Nested } from "./from-arrays.js";
export { type FromStreamOptions, fromStream, StreamDataset } from "./from-stream.js";
export { LazyDataset, type LazyOptions, lazy } from "./lazy.js";
export { type DigitShape, type MnistOptions, mnist } from "./mnist.js";
export { mobyDick } from "./moby-dick.js";
export { type FoldsOptions, folds, type Parts, type SplitOptions, split } from "./split.js";
export { type BucketOptions, type MapOptions, type ShuffleOptions, type Source, Stream, stream } from "./stream.js";
export { Subset, subset } from "./subset.js";
export { type BlocksOptions, Text, text } from "./text.js";
export type { Tokenizer } from "./tokenizer.js";
export * as worlds from "./worlds/index.js";
