/** Tells tfjs-core's specs that they run on the native backend and nothing else. */
import { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util.js";

setTestEnvs([{ name: "test-tensorflow", backendName: "tensorflow", flags: {}, isDataSync: true }]);
