import type { Tensor } from "../runtime/tf.js";
import type { Built } from "./layer.js";
import type { Forward, Masked } from "./module.js";

/**
 * One layer's forward pass with the mask of what comes out: what the layer says, else that of what went in, as long as there
 * is a time axis of the same length. Of a model without masks it is `forward` and nothing else.
 */
export function forwardMasked(layer: Built, { value, mask }: Masked, context: Forward): Masked {
  const here = withMask(context, mask);
  if (layer.masked !== undefined) return layer.masked(value, here);
  const made = layer.forward(value, here);
  const same = mask !== undefined && made.rank > 2 && made.shape[1] === mask.shape[1];
  return { value: made, mask: same ? mask : undefined };
}

/** The same forward pass with another mask. */
export function withMask(context: Forward, mask: Tensor | undefined): Forward {
  if (mask === context.mask) return context;
  const { mask: _past, ...rest } = context;
  return mask === undefined ? rest : { ...rest, mask };
}
