/**
 * The window of the runtime: what computes, how much memory there is, and getting back in order after an interrupt. What
 * tfjs-node says stays behind it: its types lead to 180 files, which every cell that knows Nabla would have to look at.
 */
import "./tf.js";

export { type Anomaly, findAnomaly } from "./anomaly.js";
export { type CompileOptions, compile } from "./compile.js";
export { type Compiled, compiled, compiles } from "./compiled.js";
export { configure, type RuntimeOptions } from "./configure.js";
export type { Device } from "./devices.js";
export { type LineUse, type Memory, type MemoryUse, memory, type RuntimeInfo, runtimeInfo } from "./info.js";
export { type Precision, precisions } from "./precision.js";
export { creatorsStream, RandomStream, type StreamState, seedCreators } from "./random.js";
export { recover } from "./recover.js";
export { gatherRows, overwriteRows } from "./rows.js";
export { afterRun, apart, fed, isTracing, when } from "./tracing.js";
export { userLine } from "./user-line.js";
export { changeInPlace, isInPlace } from "./variables.js";
