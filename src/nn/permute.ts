import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { callText, type given, type Layer, makeLayer, misfit, type Reject, type yields } from "./layer.js";

/** The type of `permute(...axes)`. */
export interface Permute<Order extends Shape> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape
    ? number extends (I | Order)["length"]
      ? Shape
      : I["length"] extends Order["length"]
        ? Permuted<I, Order>
        : Reject<"permute", `of ${Order["length"]} axes`, I>
    : never;
}

type Permuted<I extends Shape, Order extends Shape, Done extends Shape = []> = Order extends readonly [
  infer Axis extends number,
  ...infer Rest extends Shape,
]
  ? Permuted<I, Rest, [...Done, I[Axis]]>
  : Done;

/**
 * The axes of an example in another order: `permute(1, 0)` makes [b, a] of [a, b]. Axes count from 0, the batch not among them (Keras's
 * Permute counts from 1). Throws ValueError.
 */
export function permute<const Order extends Shape>(...order: Order): Permute<Order> {
  const axes = [...order.keys()];
  if (order.length === 0 || !axes.every((axis) => order.includes(axis))) {
    const expected = order.length === 0 ? "at least one axis" : `the axes 0 to ${order.length - 1}, each once`;
    throw new ValueError({ what: "permute", expected, got: show(order) });
  }
  const whole = [0, ...order.map((axis) => axis + 1)];
  return makeLayer<Permute<Order>>({
    label: callText("permute", order),
    build(input, scope) {
      if (input.length !== order.length) throw misfit("permute", `of ${order.length} axes`, input, scope);
      return { output: order.map((axis) => input[axis]!), flops: 0, forward: (x) => x.transpose(whole) };
    },
  });
}
