/** Forward passes with other weights than the model's own. */
import type { Tensor, Variable } from "../runtime/tf.js";

let current: ReadonlyMap<Variable, Tensor> | undefined;

/** Runs `work`, in which these tensors stand for the variables. It must be done when it returns. */
export function withStandIns<T>(standIns: ReadonlyMap<Variable, Tensor>, work: () => T): T {
  const before = current;
  current = standIns;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** What stands for the variable now: mostly itself. Layers only compute with it. */
export function standInFor(variable: Variable): Variable {
  return (current?.get(variable) as Variable | undefined) ?? variable;
}
