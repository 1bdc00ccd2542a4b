/** The optimizers and schedules, as users see them: `optim.adam(optim.cosine({ peak: 1e-3, steps: 10_000, warmup: 500 }))`. */
export { type AdadeltaOptions, adadelta } from "./adadelta.js";
export { type AdafactorOptions, adafactor } from "./adafactor.js";
export { type AdagradOptions, adagrad } from "./adagrad.js";
export { type AdamOptions, type AdamWOptions, adam, adamW } from "./adam.js";
export { type AdamaxOptions, adamax } from "./adamax.js";
export { type Averaged, type Averaging, type EmaOptions, ema, type SwaOptions, swa } from "./averaging.js";
export type { Group, Match } from "./groups.js";
export { type LambOptions, lamb } from "./lamb.js";
export { type LarsOptions, lars } from "./lars.js";
export type { LearningRate, Schedule } from "./learning-rate.js";
export { type LionOptions, lion } from "./lion.js";
export { type MuonOptions, muon } from "./muon.js";
export { type NadamOptions, nadam } from "./nadam.js";
export type { Optimizer, Trainable } from "./optimizer.js";
export { type RadamOptions, radam } from "./radam.js";
export { type RmsPropOptions, rmsProp } from "./rms-prop.js";
export {
  type CosineOptions,
  type CosineRestartsOptions,
  cosine,
  cosineRestarts,
  type OneCycleOptions,
  oneCycle,
} from "./schedules/cosine.js";
export {
  type ExponentialOptions,
  exponential,
  type InverseSqrtOptions,
  inverseSqrt,
  type LinearOptions,
  linear,
  type PolynomialOptions,
  polynomial,
} from "./schedules/decays.js";
export { type PlateauOptions, reduceOnPlateau } from "./schedules/plateau.js";
export { constant, perEpoch } from "./schedules/schedule.js";
export { type MultiStepOptions, multiStep, type StepDecayOptions, stepDecay } from "./schedules/step-decay.js";
export { join, warmup } from "./schedules/warmup.js";
export { type SgdOptions, sgd } from "./sgd.js";
