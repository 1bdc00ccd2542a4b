/** What computes, and how much it holds. */
import { backend, getBackend, memory as tfjsMemory } from "@tensorflow/tfjs-core";
import { dataStore, loadedTensorFlow } from "./backend.js";
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
  /** Tensors and variables that are alive; those that share their values (clones, reshapes) count as one. */
  readonly tensors: number;
  /** Bytes of their values. */
  readonly bytes: number;
  /** Resident memory of the whole process. */
  readonly rss: number;
}

/** What the tensors that one line made hold. */
export interface LineUse {
  /** `In[3]:2:5`; empty for tensors that are older than {@link Memory.track}. */
  readonly line: string;
  readonly tensors: number;
  readonly bytes: number;
}

/** {@link memory}. */
export interface Memory {
  (): MemoryUse;
  /** From now on the line that makes a tensor is taken down (some microseconds a tensor); `false` ends that. */
  track(on?: boolean): void;
  /** What is alive, by the line that made it, most bytes first. */
  report(): LineUse[];
}

/**
 * How much memory tensors hold that somebody still refers to, and the process as a whole. All others are freed by themselves,
 * and are collected before it counts.
 */
export const memory: Memory = Object.assign(measure, { track, report });

function measure(): MemoryUse {
  const store = dataStore();
  store?.relieve(true);
  const { numTensors, numBytes } = tfjsMemory();
  const [tensors, bytes] = store === undefined ? [numTensors, numBytes] : [store.numDataIds(), store.bytes];
  return { tensors, bytes, rss: process.memoryUsage.rss() };
}

function track(on = true): void {
  const store = dataStore();
  if (store !== undefined) store.isTracking = on;
}

function report(): LineUse[] {
  const store = dataStore();
  store?.relieve(true);
  const lines = [...(store?.lines() ?? [])].map(([line = "", use]) => ({ line, ...use }));
  return lines.sort((a, b) => b.bytes - a.bytes);
}
