import type { MimeBundle } from "../door.js";

/** What is read of a tensor. */
export interface Described {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  toString(): string;
}

/** A tensor as a cell shows it: type, shape and values, of large ones only the edges, as tfjs writes them. */
export function tensorBundle(tensor: Described): MimeBundle {
  const head = `Tensor ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return { "text/plain": `${head}, disposed: its values are gone` };
  const [, ...values] = tensor.toString().split("\n");
  return { "text/plain": [head, ...values].join("\n") };
}
