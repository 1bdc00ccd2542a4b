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
import { Tensor } from "./runtime/tf.js";
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
export * as tf from "./runtime/tf.js";
export * as show from "./show.js";
export { hvp, jvp, vjp } from "./tensor/products.js";
export type { Shape } from "./tensor/shape.js";
export * as train from "./train/index.js";

observeRuns(() => lossCurve());

Object.defineProperty(Network.prototype, displaySymbol, {
  value(this: Network<readonly number[], readonly number[]>): Rendered | Promise<Rendered> {
    return modelSummary(this)[displaySymbol]() as Rendered;
  },
});

Object.defineProperty(Tensor.prototype, displaySymbol, {
  // Another copy of the library may have taught the same tfjs before.
  configurable: true,
  value(this: Tensor): MimeBundle {
    return tensorBundle(this);
  },
});
