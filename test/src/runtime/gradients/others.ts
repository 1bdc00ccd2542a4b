/** What has no gradient, and why. */
import * as tf from "../../../../src/runtime/tf.js";
import { type Operation, type Other, type Reason, some, whole } from "./operation.js";

function others(reason: Reason, runs: Readonly<Record<string, Other["run"]>>): readonly Operation[] {
  return Object.entries(runs).map(([name, run]) => (run === undefined ? { name, reason } : { name, reason, run }));
}

function named(reason: Reason, names: string): readonly Operation[] {
  return names.split(/\s+/).map((name) => ({ name, reason }));
}

const positive = () => tf.greater(some(2, 3), 0);
const texts = () => tf.tensor1d(["a b", "c"]);
const boxes = () =>
  tf.tensor2d([
    [0, 0, 1, 1],
    [0, 0.1, 1, 1],
  ]);
const scores = () => tf.tensor1d([0.9, 0.8]);

export const withoutGradient: readonly Operation[] = [
  ...others("gives truth values, whole numbers or texts", {
    all: () => tf.all(positive()),
    any: () => tf.any(positive()),
    argMax: () => tf.argMax(some(2, 3), 1),
    argMin: () => tf.argMin(some(2, 3), 1),
    bitwiseAnd: () => tf.bitwiseAnd(whole([6, 3]), whole([3, 5])),
    broadcastArgs: () => tf.broadcastArgs(whole([2, 1]), whole([1, 3])),
    equal: () => tf.equal(some(2, 3), some(3)),
    greater: () => tf.greater(some(2, 3), some(3)),
    greaterEqual: () => tf.greaterEqual(some(2, 3), some(3)),
    isFinite: () => tf.isFinite(some(2, 3)),
    isInf: () => tf.isInf(some(2, 3)),
    isNaN: () => tf.isNaN(some(2, 3)),
    less: () => tf.less(some(2, 3), some(3)),
    lessEqual: () => tf.lessEqual(some(2, 3), some(3)),
    logicalAnd: () => tf.logicalAnd(positive(), positive()),
    logicalNot: () => tf.logicalNot(positive()),
    logicalOr: () => tf.logicalOr(positive(), positive()),
    logicalXor: () => tf.logicalXor(positive(), positive()),
    lowerBound: () => tf.lowerBound(tf.tensor2d([[1, 3, 5]]), tf.tensor2d([[2, 5]])),
    "math.confusionMatrix": () =>
      tf.math.confusionMatrix(whole([1, 0, 1]) as tf.Tensor1D, whole([1, 1, 1]) as tf.Tensor1D, 2),
    multinomial: () => tf.multinomial(tf.tensor1d([0.3, 0.7]), 5, 1),
    notEqual: () => tf.notEqual(some(2, 3), some(3)),
    oneHot: () => tf.oneHot(whole([1, 0]), 3),
    searchSorted: () => tf.searchSorted(tf.tensor2d([[1, 3, 5]]), tf.tensor2d([[2, 5]])),
    "sparse.sparseReshape": () =>
      tf.sparse.sparseReshape(
        whole([
          [0, 1],
          [1, 0],
        ]) as tf.Tensor2D,
        whole([2, 3]) as tf.Tensor1D,
        whole([3, 2]) as tf.Tensor1D,
      ),
    "string.staticRegexReplace": () => tf.string.staticRegexReplace(texts(), "a", "b"),
    "string.stringToHashBucketFast": () => tf.string.stringToHashBucketFast(texts(), 10),
    upperBound: () => tf.upperBound(tf.tensor2d([[1, 3, 5]]), tf.tensor2d([[2, 5]])),
    "image.threshold": undefined,
    inTopKAsync: undefined,
  }),
  ...others("makes tensors from numbers", {
    buffer: undefined,
    cosineWindow: () => tf.signal.hannWindow(8),
    eye: () => tf.eye(3),
    fill: () => tf.fill([2, 3], 7),
    linspace: () => tf.linspace(0, 1, 5),
    ones: () => tf.ones([2, 3]),
    rand: undefined,
    randomGamma: undefined,
    randomNormal: () => tf.randomNormal([2, 3]),
    randomStandardNormal: () => tf.randomStandardNormal([2, 3]),
    randomUniform: () => tf.randomUniform([2, 3]),
    randomUniformInt: () => tf.randomUniformInt([2, 3], 0, 5),
    range: () => tf.range(0, 5),
    scalar: () => tf.scalar(1),
    "signal.hammingWindow": () => tf.signal.hammingWindow(8),
    "signal.hannWindow": () => tf.signal.hannWindow(8),
    tensor: () => tf.tensor([1, 2]),
    tensor1d: () => tf.tensor1d([1, 2]),
    tensor2d: () => tf.tensor2d([[1, 2]]),
    tensor3d: () => tf.tensor3d([[[1, 2]]]),
    tensor4d: () => tf.tensor4d([[[[1, 2]]]]),
    tensor5d: () => tf.tensor5d([[[[[1, 2]]]]]),
    tensor6d: () => tf.tensor6d([[[[[[1, 2]]]]]]),
    truncatedNormal: () => tf.truncatedNormal([2, 3]),
    variable: undefined,
    zeros: () => tf.zeros([2, 3]),
  }),
  ...others("its shape depends on values", {
    booleanMaskAsync: undefined,
    "image.nonMaxSuppression": () => tf.image.nonMaxSuppression(boxes(), scores(), 2),
    "image.nonMaxSuppressionPadded": () => tf.image.nonMaxSuppressionPadded(boxes(), scores(), 2) as tf.NamedTensorMap,
    "image.nonMaxSuppressionWithScore": () =>
      tf.image.nonMaxSuppressionWithScore(boxes(), scores(), 2) as tf.NamedTensorMap,
    "image.nonMaxSuppressionAsync": undefined,
    "image.nonMaxSuppressionPaddedAsync": undefined,
    "image.nonMaxSuppressionWithScoreAsync": undefined,
    raggedRange: () =>
      tf.raggedRange(tf.tensor1d([0, 5]), tf.tensor1d([3, 9]), tf.tensor1d([1, 2])) as tf.NamedTensorMap,
    setdiff1dAsync: undefined,
    "sparse.sparseFillEmptyRows": () =>
      tf.sparse.sparseFillEmptyRows(
        whole([
          [0, 1],
          [2, 0],
        ]) as tf.Tensor2D,
        tf.tensor1d([1, 2]),
        whole([3, 2]) as tf.Tensor1D,
        tf.scalar(0),
      ),
    "string.stringNGrams": () =>
      tf.string.stringNGrams(tf.tensor1d(["a", "b", "c"]), whole([0, 3]), "|", [2], "", "", 0, false),
    "string.stringSplit": () => tf.string.stringSplit(texts(), tf.scalar(" ", "string")),
    unique: () => tf.unique(whole([1, 2, 1])) as unknown as tf.NamedTensorMap,
    whereAsync: undefined,
  }),
  ...named(
    "no operation on tensors",
    `AdadeltaOptimizer AdagradOptimizer AdamOptimizer AdamaxOptimizer DataStorage Environment KernelBackend
    MomentumOptimizer Optimizer OptimizerConstructors RMSPropOptimizer SGDOptimizer Tensor TensorBuffer Variable backend
    copyRegisteredKernels customGrad deprecationWarn disableDeprecationWarnings dispose disposeVariables enableDebugMode
    enableProdMode enclosingPowerOfTwo engine env findBackend findBackendFactory getBackend getGradient getKernel
    getKernelsForBackend grad grads keep memory movingAverage nextFrame op print profile ready registerBackend
    registerGradient registerKernel removeBackend setBackend setPlatform sumOutType tidy time train
    unregisterGradient unregisterKernel upcastType valueAndGrad valueAndGrads variableGrads`,
  ),
];
