/** Where numbers stop being finite. */
import { TF } from "./dtypes.js";
import type { Metadata } from "./tensors.js";
import { deep } from "./trace.js";
import { observing } from "./tracing.js";

/** The operation that made the first NaN or infinity out of finite numbers. */
export interface Anomaly {
  /** TensorFlow's name of it: `Log`, `RealDiv`. */
  readonly operation: string;
  /** Where it was called, as a stack. */
  readonly place: Error;
}

const floats: ReadonlySet<number> = new Set([TF.FLOAT, TF.DOUBLE]);

/**
 * Runs `work` operation by operation and looks at every result: slow. Undefined when all are finite, or where a backend other than
 * TensorFlow computes.
 */
export function findAnomaly(work: () => void): Anomaly | undefined {
  let found: Anomaly | undefined;
  const allFinite = ({ dtype }: Metadata, read: () => ArrayLike<unknown>): boolean =>
    !floats.has(dtype) || Array.prototype.every.call(read(), Number.isFinite);
  observing((operation, results, read) => {
    if (found !== undefined || results.every((result) => allFinite(result, () => read(result.id)))) return;
    found = { operation, place: deep(() => new Error(`${operation} is called here`)) };
  }, work);
  return found;
}
