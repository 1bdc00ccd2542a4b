/** Training, as users see it: `train.fit(net, digits.train, { … })`. */

export type { Loaded } from "../files/found.js";
export { type Layout, type LoadOptions, load, loadKeras } from "../files/load.js";
export { save } from "../files/save.js";
export { exportSavedModel } from "../files/saved-model.js";
export type { CheckpointOptions } from "./checkpoint-options.js";
export { type Checkpoint, checkpoints } from "./checkpoints.js";
export { type Classified, classify } from "./classify.js";
export { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.js";
export { fit, type ResumeOptions, resume } from "./fit.js";
export type { History, StepColumns } from "./history.js";
export type { EpochRecord, Observer, RunEnd, RunPlan, StepRecord } from "./observer.js";
export type { FitOptions, OptimizerName } from "./options.js";
export type { RestartOptions } from "./restart.js";
export { Run } from "./run.js";
export { history } from "./runs.js";
export { type ObserverMaker, observeRuns, steps } from "./steps.js";
