import { ShapeError, ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, show } from "../tensor/arguments.js";
import { type Shape, showShape } from "../tensor/shape.js";
import { type Custom, checked, checkShape, inLayer } from "./custom.js";
import type { SameShape } from "./elementwise.js";
import { type Built, type Layer, makeLayer, placeHint } from "./layer.js";
import type { Forward } from "./module.js";
import type { Scope } from "./scope.js";

/** A function of tfjs operations on tensors: `x: [batch, ...input]` → `[batch, ...output]`. */
export type TensorFunction = (x: Tensor, context: Forward) => Tensor;

/** What {@link lambda} takes besides its function. */
export interface LambdaOptions<I extends Shape = Shape, O extends Shape = Shape> {
  /**
   * The shape of what comes out for one example: itself, made of the shape that goes in (for the types: `([a, b]: [3, 4]) =>
   * [b, a] as const`), or "same". Default: found by running the function on zeros, and not known to the types.
   */
  readonly output?: "same" | O | ((input: I) => O);
  /** What it is called in summaries and errors. Default: the function's name, or "lambda". */
  readonly name?: string;
}

/**
 * A layer without weights, from a function: `nn.lambda((x) => x.mul(2), { output: "same" })`. The function is traced as every layer
 * is: only operations on tensors, no reading of values. For layers with weights there is `defineLayer`. Keras's Lambda. Throws
 * ValueError, and errors of the function under its name.
 */
export function lambda(forward: TensorFunction, options: { output: "same"; name?: string }): SameShape;
export function lambda<I extends Shape = Shape, const O extends Shape = Shape>(
  forward: TensorFunction,
  options?: LambdaOptions<I, O>,
): Custom<"lambda", I, O>;
export function lambda(forward: TensorFunction, options: LambdaOptions = {}): Layer {
  if (typeof forward !== "function") {
    throw new ValueError({ what: "lambda", expected: "a function of a tensor", got: show(forward) });
  }
  checkOptions("lambda", options, ["output", "name"]);
  const { output, name = forward.name || "lambda" } = options;
  if (typeof name !== "string") throw new ValueError({ what: "lambda: name", expected: "a text", got: show(name) });
  if (output !== undefined && output !== "same" && typeof output !== "function" && !Array.isArray(output)) {
    throw new ValueError({
      what: "lambda: output",
      expected: 'a shape, a function of a shape or "same"',
      got: show(output),
    });
  }
  return makeLayer<Layer>({
    label: name === "lambda" ? "lambda(…)" : `lambda(${name})`,
    build: (input, scope) => build(name, forward, output, input, scope),
  });
}

function build(
  name: string,
  forward: TensorFunction,
  rule: LambdaOptions["output"],
  input: Shape,
  scope: Scope,
): Built {
  const output = shapeOf(name, forward, rule, input, scope);
  checkShape(name, output, scope);
  scope.keepWhole();
  return {
    output,
    flops: 0,
    forward(x, context) {
      const value = inLayer(name, "its function", scope, () => forward(x, context));
      return checked(name, value, [x.shape[0]!, ...output], scope);
    },
  };
}

function shapeOf(
  name: string,
  forward: TensorFunction,
  rule: LambdaOptions["output"],
  input: Shape,
  scope: Scope,
): Shape {
  if (rule === "same") return input;
  if (typeof rule === "function") return inLayer(name, "its output rule", scope, () => rule(input));
  if (rule !== undefined) return rule as Shape;
  return tf.tidy(() => {
    // Two examples: a function that takes the first axis for its own gives something else than two.
    const value: unknown = inLayer(name, "its function", scope, () =>
      forward(tf.zeros([2, ...input]), { training: false }),
    );
    const found = checked(name, value, value instanceof tf.Tensor ? value.shape : [], scope);
    if (found.shape[0] === 2) return found.shape.slice(1);
    const expected = `the batch to stay the first axis of ${showShape([2, ...input])}`;
    throw new ShapeError({ what: name, expected, got: showShape(found.shape), ...placeHint(scope) });
  });
}
