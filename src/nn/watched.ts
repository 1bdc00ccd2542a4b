import type { Tensor } from "../runtime/tf.js";
import type { Built } from "./layer.js";
import type { Forward } from "./module.js";

/** A layer whose results go through the `tap` of a forward pass that has one, under `path`. */
export function watched<B extends Built>(path: string, built: B): B {
  const seen = (value: Tensor, { tap }: Forward) => (tap === undefined ? value : tap(path, value));
  const { masked } = built;
  return {
    ...built,
    forward: (x: Tensor, context: Forward) => seen(built.forward(x, context), context),
    ...(masked && {
      masked(x: Tensor, context: Forward) {
        const { value, mask } = masked(x, context);
        return { value: seen(value, context), mask };
      },
    }),
  };
}
