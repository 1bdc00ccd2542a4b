import * as tf from "../runtime/tf.js";

/**
 * A variable that holds `initial` (which is left to the caller) and lives as long as somebody refers to it. tfjs keeps a
 * registry of all variables by name, which would keep every model ever built in a notebook alive; nobody here asks it.
 */
export function makeVariable(initial: tf.Tensor, trainable = true): tf.Variable {
  const variable = tf.variable(initial, trainable);
  delete tf.engine().registeredVariables[variable.name];
  return variable;
}
