/** What tfjs-node's backend class calls `binding`: the methods of its C++ addon, over {@link Context}. */
import { Attr } from "./attributes.js";
import type { Context } from "./context.js";
import { type Numbers, TF } from "./dtypes.js";
import { type Execute, makeExecute } from "./operations.js";
import { SavedModels } from "./saved-models.js";
import { type Metadata, Tensors, type Values } from "./tensors.js";

/** `TFJSBinding` of tfjs-node's tfjs_binding.d.ts. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Numbers | Uint8Array[];
  readonly executeOp: Execute;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): Metadata[];
  getNumOfSavedModels(): number;
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  readonly TF_Version: string;
  readonly [constant: `TF_${string}`]: number | string;
}

/** Makes the binding. Its methods are plain properties, so that a recorder can stand in for them. */
export function makeBinding(context: Context): Binding {
  const tensors = new Tensors(context);
  const models = new SavedModels(context, tensors);
  return {
    createTensor: (shape, dtype, values) => tensors.create(shape, dtype, values),
    deleteTensor: (id) => tensors.delete(id),
    tensorDataSync: (id) => tensors.read(id),
    executeOp: makeExecute(context, tensors),
    loadSavedModel: (folder, tags) => models.load(folder, tags),
    deleteSavedModel: (id) => models.delete(id),
    runSavedModel: (id, inputs, inputNames, outputNames) => models.run(id, inputs, inputNames, outputNames),
    getNumOfSavedModels: () => models.count,
    getNumOfTensors: () => tensors.count,
    isUsingGpuDevice: () => context.gpu !== undefined,
    ...named("TF_", TF),
    ...named("TF_ATTR_", Attr),
    TF_Version: context.native.tf.TF_Version(),
  };
}

function named(
  prefix: "TF_" | "TF_ATTR_",
  constants: Readonly<Record<string, number>>,
): Record<`TF_${string}`, number> {
  return Object.fromEntries(Object.entries(constants).map(([name, value]) => [`${prefix}${name}`, value]));
}
