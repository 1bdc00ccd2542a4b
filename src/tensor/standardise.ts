/** Numbers brought to a common scale, with gradients written by hand. */
import type { Tensor } from "../runtime/tf.js";
import { withQuickGradient } from "./gradient.js";

/**
 * (x − mean) / √(variance + ε) along `axes`, shape kept. With n the result: dx = (dy − mean(dy) − n · mean(dy · n)) / √(…).
 */
export function standardised(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  return withQuickGradient(
    x,
    (value, save) => {
      const centred = value.sub(value.mean(axes, true));
      const scale = centred.square().mean(axes, true).add(epsilon).rsqrt();
      const normal = centred.mul(scale);
      save([normal, scale]);
      return normal;
    },
    (dy, [normal, scale]) => {
      const along = normal!.mul(dy.mul(normal!).mean(axes, true));
      return dy.sub(dy.mean(axes, true)).sub(along).mul(scale!);
    },
  );
}

/** x / √(mean(x²) + ε) along the last axis, shape kept. With n the result: dx = (dy − n · mean(dy · n)) / √(…). */
export function scaledToUnit(x: Tensor, epsilon: number): Tensor {
  return withQuickGradient(
    x,
    (value, save) => {
      const scale = value.square().mean(-1, true).add(epsilon).rsqrt();
      const normal = value.mul(scale);
      save([normal, scale]);
      return normal;
    },
    (dy, [normal, scale]) => dy.sub(normal!.mul(dy.mul(normal!).mean(-1, true))).mul(scale!),
  );
}
