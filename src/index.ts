/**
 * Nabla, a deep-learning language for TypeScript: `import { data, nn, optim, show, train } from "nabla"`. This is the shop
 * window: here the rooms meet, and values learn to display themselves. It works without Jupyter too: displays become lines of
 * text.
 */
import { foldsTable } from "./display/folds.js";
import { lossCurve } from "./display/loss-curve.js";
import { rateFigure } from "./display/rate-curve.js";
import { modelSummary } from "./display/summary.js";
import { tensorBundle } from "./display/tensor.js";
import { trialsTable } from "./display/trials.js";
import { statisticsFigure } from "./display/weight-statistics.js";
import { displaySymbol, type MimeBundle, type Rendered } from "./door.js";
import { Network } from "./nn/network.js";
import { Tensor as AnyTensor } from "./runtime/tf.js";
import { Folds } from "./train/k-fold.js";
import { RateCurve } from "./train/rate-curve.js";
import { Trials } from "./train/search/search-result.js";
import { observeRuns } from "./train/steps.js";
import { StatisticsLog } from "./train/weight-statistics.js";

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

teach(Folds, foldsTable);
teach(Trials, trialsTable);
teach(RateCurve, (curve) => rateFigure(curve)[displaySymbol]());
teach(StatisticsLog, (log) => statisticsFigure(log)[displaySymbol]());

/** Values of this kind display themselves from now on. */
function teach<T extends object>(kind: { readonly prototype: T }, display: (value: T) => Rendered | Promise<Rendered>) {
  Object.defineProperty(kind.prototype, displaySymbol, {
    value(this: T): Rendered | Promise<Rendered> {
      return display(this);
    },
  });
}

Object.defineProperty(AnyTensor.prototype, displaySymbol, {
  // Another copy of the library may have taught the same tfjs before.
  configurable: true,
  value(this: AnyTensor): MimeBundle {
    return tensorBundle(this);
  },
});
