/** What computes, and how much it holds. */
import { backend, getBackend, memory as tfjsMemory } from "@tensorflow/tfjs-core";
import { loadedTensorFlow } from "./backend.js";
import type { Device } from "./devices.js";

/** What {@link runtimeInfo} says. */
export interface RuntimeInfo {
  /** `tensorflow`, or the backend of tfjs that stands in for it: `wasm`, `cpu`. */
  readonly backend: string;
  /** TensorFlow's version, undefined without it. */
  readonly tensorflowVersion: string | undefined;
  /** `CPU`, or the GPU that tensors are put on: `GPU:0`. */
  readonly device: string;
  readonly devices: readonly Device[];
  /** Where TensorFlow's libraries lie, undefined without them. */
  readonly folder: string | undefined;
}

/** What computes. Loads TensorFlow if nothing has done so yet (about a second). */
export function runtimeInfo(): RuntimeInfo {
  backend();
  const tensorflow = loadedTensorFlow();
  if (tensorflow === undefined) {
    const name = getBackend() === "tensorflow" ? "cpu" : getBackend();
    return { backend: name, tensorflowVersion: undefined, device: "CPU", devices: [], folder: undefined };
  }
  const { context, binding, runtime } = tensorflow;
  return {
    backend: getBackend(),
    tensorflowVersion: binding.TF_Version,
    device: context.gpu?.name.replace(/^.*device:/, "") ?? "CPU",
    devices: context.devices,
    folder: runtime.folder,
  };
}

/** What {@link memory} says; sizes in bytes. */
export interface MemoryUse {
  /** Tensors that are alive. */
  readonly tensors: number;
  /** Bytes of their values. */
  readonly bytes: number;
  /** Resident memory of the whole process. */
  readonly rss: number;
}

/** How much memory tensors hold, and the process as a whole. */
export function memory(): MemoryUse {
  const { numTensors, numBytes } = tfjsMemory();
  return { tensors: numTensors, bytes: numBytes, rss: process.memoryUsage.rss() };
}
