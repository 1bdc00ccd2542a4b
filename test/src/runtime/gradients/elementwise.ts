/** Operations that take each value by itself. */
import * as tf from "../../../../src/runtime/tf.js";
import { any, apart, at, distinct, type Operation, smooth, some, within } from "./operation.js";

/** Both arguments of an operation, once of the same shape and once stretched over each other. */
function binary(
  name: string,
  f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  x: typeof any = any,
  other = some,
): Operation {
  return smooth(
    name,
    at(x(2, 3), (a) => f(a, other(2, 3)), "a"),
    at(x(2, 3), (b) => f(other(2, 3), b), "b"),
    at(x(3), (a) => f(a, other(2, 3)), "a, stretched"),
    at(x(3), (b) => f(other(2, 3), b), "b, stretched"),
  );
}

const between =
  (low: number, high: number) =>
  (...shape: number[]) =>
    within(low, high, ...shape);
const positive = (...shape: number[]) => tf.add(tf.abs(some(...shape)), 0.5);
const far = (...shape: number[]) => tf.add(some(...shape), tf.mul(tf.sign(some(...shape)), 1.2));

export const elementwise: readonly Operation[] = [
  smooth("abs", at(apart(6), tf.abs)),
  smooth("acos", at(within(-0.8, 0.8, 6), tf.acos)),
  smooth("acosh", at(within(1.5, 3, 6), tf.acosh)),
  smooth("asin", at(within(-0.8, 0.8, 6), tf.asin)),
  smooth("asinh", at(any(6), tf.asinh)),
  smooth("atan", at(any(6), tf.atan)),
  smooth("atanh", at(within(-0.8, 0.8, 6), tf.atanh)),
  smooth(
    "cast",
    at(any(6), (x) => tf.cast(x, "float32")),
  ),
  smooth("ceil", at(within(0.1, 0.9, 6), tf.ceil)),
  smooth(
    "clipByValue",
    at(distinct(8), (x) => tf.clipByValue(x, -0.5, 0.5)),
  ),
  smooth("clone", at(any(6), tf.clone)),
  smooth("cos", at(any(6), tf.cos)),
  smooth("cosh", at(any(6), tf.cosh)),
  smooth("elu", at(apart(6), tf.elu)),
  smooth(
    "ensureShape",
    at(any(6), (x) => tf.ensureShape(tf.square(x), [6])),
  ),
  smooth("erf", at(any(6), tf.erf)),
  smooth("exp", at(any(6), tf.exp)),
  smooth("expm1", at(any(6), tf.expm1)),
  smooth("floor", at(within(0.1, 0.9, 6), tf.floor)),
  smooth(
    "leakyRelu",
    at(apart(6), (x) => tf.leakyRelu(x, 0.3)),
  ),
  smooth("log", at(within(0.5, 2, 6), tf.log)),
  smooth("log1p", at(within(-0.5, 2, 6), tf.log1p)),
  smooth("logSigmoid", at(any(6), tf.logSigmoid)),
  smooth("neg", at(any(6), tf.neg)),
  smooth(
    "prelu",
    at(apart(2, 3), (x) => tf.prelu(x, some(3)), "x"),
    at(any(3), (alpha) => tf.prelu(some(2, 3), alpha), "alpha"),
  ),
  smooth("reciprocal", at(within(0.5, 2, 6), tf.reciprocal)),
  smooth("relu", at(apart(6), tf.relu)),
  smooth(
    "relu6",
    at(() => tf.mul(distinct(8)(), 10), tf.relu6),
  ),
  smooth("round", at(within(0.6, 1.4, 6), tf.round)),
  smooth("rsqrt", at(within(0.5, 2, 6), tf.rsqrt)),
  smooth("selu", at(apart(6), tf.selu)),
  smooth("sigmoid", at(any(6), tf.sigmoid)),
  smooth("sign", at(apart(6), tf.sign)),
  smooth("sin", at(any(6), tf.sin)),
  smooth("sinh", at(any(6), tf.sinh)),
  smooth("softplus", at(any(6), tf.softplus)),
  smooth("sqrt", at(within(0.5, 2, 6), tf.sqrt)),
  smooth("square", at(any(6), tf.square)),
  smooth(
    "step",
    at(apart(6), (x) => tf.step(x, 0.5)),
  ),
  smooth("tan", at(any(6), tf.tan)),
  smooth("tanh", at(any(6), tf.tanh)),
  smooth("onesLike", at(any(6), tf.onesLike)),
  smooth("zerosLike", at(any(6), tf.zerosLike)),

  binary("add", tf.add),
  smooth(
    "addN",
    at(any(2, 3), (x) => tf.addN([x, some(2, 3), x])),
  ),
  binary("atan2", tf.atan2, apart),
  binary("div", tf.div, between(0.5, 2), positive),
  binary("divNoNan", tf.divNoNan, between(0.5, 2), positive),
  binary("floorDiv", tf.floorDiv, between(2.2, 2.8), (...shape) => tf.onesLike(some(...shape))),
  binary("maximum", tf.maximum, distinct, far),
  binary("minimum", tf.minimum, distinct, far),
  binary("mod", tf.mod, between(2.1, 2.4), (...shape) => tf.mul(tf.onesLike(some(...shape)), 7.6)),
  binary("mul", tf.mul),
  binary("pow", tf.pow, between(0.5, 2), positive),
  binary("squaredDifference", tf.squaredDifference),
  binary("sub", tf.sub),
  smooth(
    "where",
    at(any(2, 3), (x) => tf.where(tf.greater(some(2, 3), 0), x, some(2, 3)), "a"),
    at(any(2, 3), (x) => tf.where(tf.greater(some(2, 3), 0), some(2, 3), x), "b"),
    at(any(3), (x) => tf.where(tf.greater(some(2, 3), 0), x, some(2, 3)), "a, stretched"),
    at(any(2, 3), (x) => tf.where(tf.greater(some(3), 0), x, some(2, 3)), "a, where the condition is stretched"),
    at(apart(2, 3), (x) => tf.where(tf.greater(x, 0), tf.square(x), tf.neg(x)), "a condition on the variable"),
  ),
];
