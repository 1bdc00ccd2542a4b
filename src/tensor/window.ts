/** Windows that move over the axes between batch and channels: where they lie, and how long the axes are afterwards. */
import type { CausalPadding } from "./arithmetic.js";

/** A window: one number for each axis, first axis first. */
export interface Window {
  readonly size: readonly number[];
  /** How far it moves. */
  readonly stride: readonly number[];
  /** It looks at every `dilation`-th place. */
  readonly dilation: readonly number[];
  readonly padding: CausalPadding;
}

/** How far the window reaches along each axis: (size − 1) · dilation + 1. */
export function reaches({ size, dilation }: Window): number[] {
  return size.map((places, axis) => (places - 1) * dilation[axis]! + 1);
}

/** How long axes are after the window moved over them, below 1 where it does not fit: the type `Windows` at run time. */
export function windows(lengths: readonly number[], window: Window): number[] {
  const { stride, padding } = window;
  const reach = reaches(window);
  return lengths.map((length, axis) => {
    const step = stride[axis]!;
    return padding === "valid" ? Math.floor((length - reach[axis]!) / step) + 1 : Math.ceil(length / step);
  });
}

/** How long axes are after a transposed convolution: the type `Grown` at run time. */
export function grown(lengths: readonly number[], window: Window): number[] {
  const { stride, padding } = window;
  const reach = reaches(window);
  return lengths.map((length, axis) => {
    const step = stride[axis]!;
    return padding === "valid" ? (length - 1) * step + Math.max(reach[axis]!, step) : length * step;
  });
}

/** How many places the padding adds before and after each axis; where they cannot be halved, "same" adds one more after it. */
export function paddings(lengths: readonly number[], window: Window): [before: number, after: number][] {
  const reach = reaches(window);
  const counts = windows(lengths, window);
  return lengths.map((length, axis) => {
    if (window.padding === "valid") return [0, 0];
    if (window.padding === "causal") return [reach[axis]! - 1, 0];
    const total = Math.max(0, (counts[axis]! - 1) * window.stride[axis]! + reach[axis]! - length);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

/** The window with another axis in front, of length 1. */
export function raised({ size, stride, dilation, padding }: Window): Window {
  return { size: [1, ...size], stride: [1, ...stride], dilation: [1, ...dilation], padding };
}
