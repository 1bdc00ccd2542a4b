/** The backend "tensorflow" of tfjs: TensorFlow is loaded when the first operation needs it. */
import { type KernelBackend, registerBackend } from "@tensorflow/tfjs-core";
import { type Binding, makeBinding } from "./binding.js";
import { type Context, openContext } from "./context.js";
import type { DataStore } from "./data-store.js";
import { theEngine } from "./engine.js";
import { javaScriptBackend } from "./fallback.js";
import { type GraphMaker, makeGraphs } from "./graph.js";
import { installLifetimes } from "./lifetimes.js";
import type { Runtime } from "./location.js";
import { loadNative } from "./native.js";
import { Tensors } from "./tensors.js";
import { makeBackend } from "./tfjs-node.js";
import { installUploads } from "./uploads.js";
import { installVariables } from "./variables.js";

/** TensorFlow, loaded. */
export interface TensorFlow {
  readonly runtime: Runtime;
  readonly context: Context;
  readonly tensors: Tensors;
  readonly binding: Binding;
  readonly graphs: GraphMaker;
}

/** The name under which tfjs knows the native backend; tfjs-node's kernels insist on it. */
const nativeBackend = "tensorflow";

/** Above tfjs's own backends, whose priorities end at 3. */
const priority = 10;

let loaded: TensorFlow | undefined;

/** TensorFlow, when an operation has loaded it. */
export function loadedTensorFlow(): TensorFlow | undefined {
  return loaded;
}

let store: DataStore | undefined;

/** What the native backend knows of tensors; undefined where another one computes. */
export function dataStore(): DataStore | undefined {
  return theEngine().backend === store?.backend ? store : undefined;
}

/** Offers TensorFlow to tfjs, ahead of every other backend. Where it cannot be loaded, JavaScript computes in its place. */
export function registerTensorFlow(runtime: Runtime): void {
  registerBackend(nativeBackend, () => start(runtime), priority);
}

function start(runtime: Runtime): KernelBackend {
  try {
    loaded ??= load(runtime);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return javaScriptBackend(nativeBackend, `${runtime.folder} cannot be loaded (${words})`);
  }
  const backend = makeBackend(loaded.binding);
  store = installLifetimes(backend);
  installUploads(backend);
  installVariables(backend);
  return backend;
}

function load(runtime: Runtime): TensorFlow {
  const context = openContext(loadNative(runtime));
  const tensors = new Tensors(context);
  const binding = makeBinding(context, tensors);
  return { runtime, context, tensors, binding, graphs: makeGraphs(context, tensors) };
}
