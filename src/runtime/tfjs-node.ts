/** The JavaScript of tfjs-node-gpu (backend class, kernels, SavedModel, TensorBoard, images) without its native addon. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as core from "@tensorflow/tfjs-core";
import { RuntimeError } from "../errors.js";
import type { Binding } from "./binding.js";
import { kernels, mend } from "./kernels.js";
import type { NodeBackend } from "./node-backend.js";
import { loaderWith } from "./packages.js";

type Image = typeof import("@tensorflow/tfjs-node-gpu/dist/image.js");
type SavedModel = typeof import("@tensorflow/tfjs-node-gpu/dist/saved_model.js");
type TensorBoard = typeof import("@tensorflow/tfjs-node-gpu/dist/tensorboard.js");

/** What tfjs-node calls `tf.node`: SavedModels, TensorBoard's event files, images. */
export type TfjsNode = Image & SavedModel & TensorBoard;

type BackendClass = new (binding: Binding, packageName: string) => NodeBackend;

let load: ((file: string) => unknown) | undefined;

/** Makes the backend over a binding and registers its kernels. */
export function makeBackend(binding: Binding): NodeBackend {
  const loader = makeLoader();
  const { NodeJSKernelBackend } = loader("nodejs_kernel_backend.js") as { NodeJSKernelBackend: BackendClass };
  kernels.forEach(registerKernel);
  loader("register_all_kernels.js");
  // Kept only when it is complete: an interrupt may tear the loading.
  load = loader;
  return new NodeJSKernelBackend(binding, "nabla");
}

/** tfjs-node's own functions. @throws RuntimeError while its backend is not in use. */
export function tfjsNode(): TfjsNode {
  if (load === undefined) {
    throw new RuntimeError({
      what: "tfjsNode",
      expected: "TensorFlow's native backend",
      got: core.getBackend() || "no backend yet",
      hint: "Run `npx nabla setup`, or compute something first.",
    });
  }
  const parts = ["image.js", "saved_model.js", "tensorboard.js"].map(load);
  return Object.assign({}, ...parts) as TfjsNode;
}

function makeLoader(): (file: string) => unknown {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json")), "dist");
  const replacements = new Map<string, unknown>([
    ["@tensorflow/tfjs", { ...core, registerKernel, KernelBackend }],
    ["util", { ...require("node:util"), ...lostPredicates }],
  ]);
  const loadFile = loaderWith(replacements);
  // tfjs-node fills only the low half of an int64, which makes -1 4294967295.
  const encodeInt32ArrayAsInt64 = (values: Int32Array) => BigInt64Array.from(values, BigInt);
  Object.assign(loadFile(join(folder, "int64_tensors.js")) as object, { encodeInt32ArrayAsInt64 });
  return (file) => loadFile(join(folder, file));
}

/** A kernel that is there already, because it is our own or from a torn loading, needs no second. */
function registerKernel(config: core.KernelConfig): void {
  if (core.getKernel(config.kernelName, config.backendName) === undefined) core.registerKernel(mend(config));
}

/** tfjs-node is compiled to ES5, whose subclasses call their base class without `new`; the real constructor does nothing. */
function KernelBackend(): void {}
KernelBackend.prototype = core.KernelBackend.prototype;

/** What tfjs-node uses of `util` that Node 23 took away (and Node 22 warns of). */
const lostPredicates = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
};
