/** What tfjs-node's backend class calls `binding`: the methods of its C++ addon, over {@link Context}. */
import { Attr } from "./attributes.js";
import type { Context } from "./context.js";
import { type Numbers, TF } from "./dtypes.js";
import { type Execute, makeExecute } from "./operations.js";
import { SavedModels } from "./saved-models.js";
import type { Metadata, Tensors, Values } from "./tensors.js";
import { isImagined } from "./trace.js";
import { currentObserver, currentTrace } from "./tracing.js";

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

/** Makes the binding. While a function is traced, operations are taken down instead of run. */
export function makeBinding(context: Context, tensors: Tensors): Binding {
  const execute = makeExecute(context, tensors);
  const models = new SavedModels(context, tensors);
  return {
    createTensor(shape, dtype, values) {
      const id = tensors.create(shape, dtype, values);
      currentTrace()?.created(id, shape, dtype, values);
      return id;
    },
    deleteTensor(id) {
      // A trace needs the values of its constants until it is ended; the tensor itself may go.
      if (!isImagined(id)) tensors.delete(id);
    },
    tensorDataSync(id) {
      currentTrace()?.read(id);
      return tensors.read(id);
    },
    executeOp(operation, attributes, inputs, outputs) {
      const trace = currentTrace();
      if (trace !== undefined) return trace.operation(operation, attributes, inputs, outputs);
      const results = execute(operation, attributes, inputs, outputs);
      currentObserver()?.(operation, results, (id) => tensors.read(id));
      return results;
    },
    loadSavedModel: (folder, tags) => models.load(folder, tags),
    deleteSavedModel: (id) => models.delete(id),
    runSavedModel(id, inputs, inputNames, outputNames) {
      const trace = currentTrace();
      if (trace !== undefined) throw trace.stop("it runs a SavedModel");
      return models.run(id, inputs, inputNames, outputNames);
    },
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
