import type { Tensor } from "../runtime/tf.js";
import { withGradient } from "../tensor/gradient.js";
import { sizeOf } from "../tensor/shape.js";
import type { SameShape } from "./elementwise.js";
import { constant } from "./initial.js";
import { type Built, makeLayer } from "./layer.js";
import type { Scope } from "./scope.js";

/**
 * Brings the last axis to mean 0 and variance 1, then scales and shifts it by learned weights (arXiv 1607.06450), shape kept.
 * Weight [features] one, bias [features] zero, ε = 1e-5 (as PyTorch's LayerNorm).
 */
export function layerNorm(): SameShape {
  return makeLayer<SameShape>({ label: "layerNorm()", build: buildLayerNorm });
}

/** {@link layerNorm} for layers made of it. */
export function buildLayerNorm(input: readonly number[], scope: Scope): Built {
  const features = input[input.length - 1]!;
  const weight = scope.weight("weight", [features], constant(1));
  const bias = scope.weight("bias", [features], constant(0));
  return {
    output: input,
    flops: sizeOf(input) * 8,
    causal: input.length > 1,
    forward: (x) => normalise(x, 1e-5).mul(weight.value).add(bias.value),
  };
}

/** (x − mean) / √(variance + ε) along the last axis. With n the result: dx = (dy − mean(dy) − n · mean(dy · n)) / √(…). */
function normalise(x: Tensor, epsilon: number): Tensor {
  return withGradient(
    x,
    (value, save) => {
      const centred = value.sub(value.mean(-1, true));
      const scale = centred.square().mean(-1, true).add(epsilon).rsqrt();
      const normal = centred.mul(scale);
      save([normal, scale]);
      return normal;
    },
    (dy, [normal, scale]) => {
      const along = normal!.mul(dy.mul(normal!).mean(-1, true));
      return dy.sub(dy.mean(-1, true)).sub(along).mul(scale!);
    },
  );
}
