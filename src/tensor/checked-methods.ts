import * as core from "../runtime/tf.js";
import { arithmetic, checkPair, comparisons } from "./ops/elementwise.js";
import { reductions } from "./ops/reductions.js";
import { type Axes, checkAxes, permutation } from "./shapes/axes.js";
import { checkSlice, type PerAxis } from "./shapes/cut.js";
import { checkSplit } from "./shapes/join.js";
import { matMulShape } from "./shapes/matmul.js";
import { reshapeShape } from "./shapes/reshape.js";

type Any = core.Tensor;
type Method = (this: Any, ...args: unknown[]) => unknown;
type Check = (shape: number[], args: readonly unknown[], x: Any) => void;

const checks: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(
    [...arithmetic, ...comparisons].map((name): [string, Check] => [name, (_shape, [b], x) => checkPair(name, x, b)]),
  ),
  ...Object.fromEntries(
    Object.values(reductions)
      .flat()
      .map((name): [string, Check] => [name, (shape, [axis]) => checkAxes(name, shape, axis as Axes)]),
  ),
  matMul(shape, [b, turnA, turnB]) {
    if (b instanceof core.Tensor) matMulShape(shape, b.shape, turnA as boolean, turnB as boolean);
  },
  reshape: (shape, [to]) => void reshapeShape(shape, to as number[]),
  transpose: (shape, [order]) => permutation(shape, order as number[] | undefined),
  squeeze: (shape, [axes]) => checkAxes("squeeze", shape, axes as Axes),
  unstack: (shape, [axis]) => checkAxes("unstack", shape, axis as Axes),
  split: (shape, [parts, axis]) => checkSplit(shape, parts as number | number[], (axis as number | undefined) ?? 0),
  slice: (shape, [begin, size]) => checkSlice(shape, begin as PerAxis, size as PerAxis),
};

const known = Symbol.for("nabla.checked");

/** Lets the methods check shapes before they compute. */
export function checkMethods(): void {
  const methods = core.Tensor.prototype as unknown as Record<string, Method & { [known]?: true }>;
  for (const [name, check] of Object.entries(checks)) {
    const method = methods[name];
    if (method === undefined || method[known]) continue;
    const checked: Method & { [known]?: true } = function (this: Any, ...args) {
      check(this.shape, args, this);
      return method.apply(this, args);
    };
    checked[known] = true;
    methods[name] = checked;
  }
}
