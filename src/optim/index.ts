/** The optimizers, as users see them: `optim.adam(1e-3)`. */
export { type AdamOptions, type AdamWOptions, adam, adamW } from "./adam.js";
export type { Optimizer, Trainable } from "./optimizer.js";
export { type SgdOptions, sgd } from "./sgd.js";
