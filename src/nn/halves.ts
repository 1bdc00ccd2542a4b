import { availableParallelism } from "node:os";
import { compiles, isTracing, runtimeInfo } from "../runtime/index.js";
import type { Model } from "./module.js";

/** Halves of fewer examples would cost more than they save. */
const smallest = 8;

/** So often, at least, must a batch use each weight: in training the gradients of weights come twice, and have to be added. */
const uses = 128;

/** So often where they are many: then it is the memory that takes the time, and halves have more of it. */
const usesOfMany = 1024;
const many = 2 ** 20;

/**
 * Whether a compiled pass over `size` examples is quicker as two halves that are computed at once, each by a core of its own: most of
 * it is a chain of operations, which leaves a second core idle where each is small, and waiting for its end where they share it.
 */
export function quickerInHalves({ parameters, summary }: Pick<Model, "parameters" | "summary">, size: number): boolean {
  if (!isTracing() || size < 2 * smallest) return false;
  if (runtimeInfo().device !== "CPU" || availableParallelism() < 2) return false;
  const weights = parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  return (flopsOf({ summary }) / 2 / weights) * size >= (weights < many ? uses : usesOfMany);
}

/** Fewer examples are not worth a run of their own. */
const fewest = 32;

/** So many floating-point operations, at least, has the forward pass of a part: what a run costs by itself is little to it. */
const least = 1e9;

/**
 * How many examples of a batch are best computed at a time, one run after another: then less memory is in use at once, and more of it
 * is near the cores. All of them where a part would do too little.
 */
export function partLength(model: Pick<Model, "summary">, size: number): number {
  if (size < 2 * fewest || !compiles() || runtimeInfo().device !== "CPU") return size;
  const length = Math.max(fewest, Math.ceil(least / flopsOf(model)));
  return Math.ceil(size / Math.max(1, Math.floor(size / length)));
}

function flopsOf({ summary }: Pick<Model, "summary">): number {
  return summary.reduce((sum, row) => sum + row.flops, 0);
}
