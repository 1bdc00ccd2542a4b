/**
 * Nabla, a deep-learning language for TypeScript: `import { data, nn, optim, show, train } from "nabla"`. This is the shop
 * window: here the rooms meet, and values learn to display themselves. It works without Jupyter too: displays become lines of
 * text.
 */
import { lossCurve } from "./display/loss-curve.js";
import { modelSummary } from "./display/summary.js";
import { tensorBundle } from "./display/tensor.js";
import { displaySymbol, type MimeBundle, type Rendered } from "./door.js";
import { Network } from "./nn/network.js";
import { Tensor as AnyTensor } from "./runtime/tf.js";
import { observeRuns } from "./train/steps.js";

export * as data from "./data/index.js";
export * from "./errors.js";
export * as explain from "./explain/index.js";
export * as nn from "./nn/index.js";
export type { Model } from "./nn/module.js";
export * as optim from "./optim/index.js";
export {
  type CompileOptions,
  compile,
  configure,
  type Device,
  type LineUse,
  type Memory,
  type MemoryUse,
  memory,
  type Precision,
  type RuntimeInfo,
  type RuntimeOptions,
  runtimeInfo,
} from "./runtime/index.js";
export * as show from "./show.js";
export { hvp, jvp, vjp } from "./tensor/products.js";
export type { Shape } from "./tensor/shape.js";
export type { Dim, Dims } from "./tensor/shapes/dims.js";
export type { Tensor } from "./tensor/shapes/tensor.js";
export * as tf from "./tensor/tf.js";
export * as train from "./train/index.js";

observeRuns(() => lossCurve());

Object.defineProperty(Network.prototype, displaySymbol, {
  value(this: Network<readonly number[], readonly number[]>): Rendered | Promise<Rendered> {
    return modelSummary(this)[displaySymbol]() as Rendered;
  },
});

Object.defineProperty(AnyTensor.prototype, displaySymbol, {
  // Another copy of the library may have taught the same tfjs before.
  configurable: true,
  value(this: AnyTensor): MimeBundle {
    return tensorBundle(this);
  },
});
