/** tfjs's own backends, for machines on which TensorFlow's libraries cannot be had. */
import { createRequire } from "node:module";
import { copyRegisteredKernels, type KernelBackend, setBackend } from "@tensorflow/tfjs-core";
import { lendKernels } from "./lent-kernels.js";
import { candidateFolders, inspectRuntime } from "./location.js";

type CpuPackage = { MathBackendCPU: new () => KernelBackend };

const require = createRequire(import.meta.url);

/** Makes tfjs compute in WebAssembly, or in JavaScript where that fails, and says so loudly. */
export async function fallBack(): Promise<void> {
  const reason = candidateFolders().map(inspectRuntime).at(-1);
  require("@tensorflow/tfjs-backend-wasm");
  require("@tensorflow/tfjs-backend-cpu");
  if (await setBackend("wasm")) {
    // It has no gradients for convolutions and embeddings, for example.
    lendKernels("cpu", "wasm");
    return warn("WebAssembly", String(reason), "several times slower, training convolutions a hundred times");
  }
  await setBackend("cpu");
  warn("plain JavaScript", String(reason), "a hundred times slower");
}

/** tfjs's JavaScript backend under the name of one that could not be loaded, for use at once. */
export function javaScriptBackend(name: string, reason: string): KernelBackend {
  const { MathBackendCPU } = require("@tensorflow/tfjs-backend-cpu") as CpuPackage;
  copyRegisteredKernels("cpu", name);
  warn("plain JavaScript", reason, "a hundred times slower");
  // Its first use would advertise tfjs-node.
  return Object.assign(new MathBackendCPU(), { firstUse: false });
}

function warn(language: string, reason: string, loss: string): void {
  console.warn(
    [
      `Nabla runs WITHOUT TensorFlow: ${reason}.`,
      `It computes in ${language} instead: ${loss}; no SavedModels, no TensorBoard files, no GPU.`,
      "Mend it with: npx nabla setup",
    ].join("\n"),
  );
}
