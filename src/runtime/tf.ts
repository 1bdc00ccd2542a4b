/**
 * TensorFlow.js as the rest of the library sees it: the only door to it. It is tfjs-core, the very module inside
 * `@tensorflow/tfjs`, with the gradients and chained methods of that package; layers, converter and data stay out.
 *
 * Importing it registers the native backend, which loads TensorFlow at the first operation, not before.
 */
import { host } from "../door.js";
import { registerTensorFlow } from "./backend.js";
import { fallBack } from "./fallback.js";
import { findRuntime } from "./location.js";
import { recover } from "./recover.js";
import { completeCore } from "./umbrella.js";

export * from "@tensorflow/tfjs-core";
export { buffer, ones, randomNormal, randomUniform, truncatedNormal, zeros } from "./creation.js";
export { losses } from "./losses.js";
export { raggedGather, raggedTensorToTensor } from "./ragged.js";
export { dropout } from "./random.js";

completeCore();
const runtime = findRuntime();
if (runtime === undefined) await fallBack();
else registerTensorFlow(runtime);
host()?.onTorn(recover);
