/**
 * What users see as `tf`: TensorFlow.js, with functions and methods whose types know shapes in the place of those whose types do
 * not. What is wrong is said before anything is computed, in the words of the types.
 */
import { checkMethods } from "./checked-methods.js";

export * from "../runtime/tf.js";
export type {} from "./methods.js";
export { avgPool, conv1d, conv2d, maxPool } from "./ops/convolution.js";
export {
  eye,
  fill,
  linspace,
  oneHot,
  ones,
  onesLike,
  randomNormal,
  randomUniform,
  scalar,
  tensor,
  truncatedNormal,
  zeros,
  zerosLike,
} from "./ops/creation.js";
export {
  add,
  atan2,
  div,
  divNoNan,
  equal,
  floorDiv,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalOr,
  logicalXor,
  maximum,
  minimum,
  mod,
  mul,
  notEqual,
  pow,
  squaredDifference,
  sub,
  where,
} from "./ops/elementwise.js";
export { dot, einsum, matMul } from "./ops/matrices.js";
export {
  concat,
  expandDims,
  gather,
  pad,
  reshape,
  slice,
  split,
  squeeze,
  stack,
  tile,
  transpose,
  unstack,
} from "./ops/movement.js";
export { named } from "./ops/names.js";
export { all, any, argMax, argMin, euclideanNorm, logSumExp, max, mean, min, prod, sum } from "./ops/reductions.js";
export type { Dim, Dims } from "./shapes/dims.js";
export type { Tensor } from "./shapes/tensor.js";

checkMethods();
