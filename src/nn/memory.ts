import { MemoryError } from "../errors.js";
import { freeMemory, inBytes } from "../runtime/memory.js";

/** Weights, gradients and two optimizer slots, float32. */
const bytesPerParameter = 4 * 4;

/** Throws MemoryError if training a model with so many parameters needs more memory than there is. Allocates nothing. */
export function checkMemory(what: string, parameters: number, available = freeMemory()): void {
  const needed = parameters * bytesPerParameter;
  if (needed <= available) return;
  throw new MemoryError({
    what,
    expected: `at most ${inBytes(available)} (the memory available)`,
    got: `${parameters.toLocaleString("en-US")} parameters, which take ${inBytes(needed)} with gradients and optimizer`,
    hint: "Make the largest layers smaller. Nothing was allocated.",
  });
}
