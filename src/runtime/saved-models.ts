/** SavedModels of TensorFlow, loaded as sessions (tensorflow/c/c_api.h). */
import { RuntimeError, ValueError } from "../errors.js";
import type { Context } from "./context.js";
import { describe } from "./dtypes.js";
import type { Pointer } from "./libc.js";
import type { Metadata, Tensors } from "./tensors.js";

interface Loaded {
  readonly session: Pointer;
  readonly graph: Pointer;
}

/** Loaded SavedModels by number. */
export class SavedModels {
  readonly #loaded = new Map<number, Loaded>();
  readonly #context: Context;
  readonly #tensors: Tensors;
  #next = 0;

  constructor(context: Context, tensors: Tensors) {
    this.#context = context;
    this.#tensors = tensors;
  }

  get count(): number {
    return this.#loaded.size;
  }

  /**
   * Loads the graph and the variables of a folder with `saved_model.pb`.
   *
   * @param tags of the meta graph, separated by commas.
   * @throws RuntimeError when it is not there or cannot be read.
   */
  load(folder: string, tags: string): number {
    const { native, status, config } = this.#context;
    const { tf } = native;
    const options = tf.TF_NewSessionOptions();
    tf.TF_SetConfig(options, config, config.length, status.pointer);
    const graph = tf.TF_NewGraph();
    const names = tags.split(",").map(native.name);
    const session = tf.TF_LoadSessionFromSavedModel(
      options,
      0,
      folder,
      BigUint64Array.from(names, BigInt),
      names.length,
      graph,
      0,
      status.pointer,
    );
    tf.TF_DeleteSessionOptions(options);
    if (session === 0) tf.TF_DeleteGraph(graph);
    status.check("loadSavedModel", () => `${folder} with tags ${tags}`);
    const id = this.#next++;
    this.#loaded.set(id, { session, graph });
    return id;
  }

  /** Frees the graph and its variables. */
  delete(id: number): void {
    const { native, status } = this.#context;
    const { session, graph } = this.#get(id);
    this.#loaded.delete(id);
    native.tf.TF_CloseSession(session, status.pointer);
    native.tf.TF_DeleteSession(session, status.pointer);
    native.tf.TF_DeleteGraph(graph);
    status.check("deleteSavedModel", () => `number ${id}`);
  }

  /**
   * Runs a loaded graph.
   *
   * @param inputs numbers of tensors, in the order of `inputNames`.
   * @param inputNames names of graph outputs to feed, `name` or `name:index`, separated by commas.
   * @param outputNames names of graph outputs to fetch, likewise.
   */
  run(id: number, inputs: readonly number[], inputNames: string, outputNames: string): Metadata[] {
    const { native, status } = this.#context;
    const { tf } = native;
    const { session, graph } = this.#get(id);
    const feeds = split(inputNames);
    const fetches = split(outputNames);
    if (feeds.length !== inputs.length) {
      throw new ValueError({
        what: "runSavedModel",
        expected: `${feeds.length} inputs (${feeds.join(", ")})`,
        got: String(inputs.length),
      });
    }
    const feedOutputs = this.#outputs(graph, feeds);
    const fetchOutputs = this.#outputs(graph, fetches);
    const results = new BigUint64Array(Math.max(1, fetches.length));
    const values: Pointer[] = [];
    try {
      for (const input of inputs) values.push(this.#tensors.resolve(input));
      const feedValues = BigUint64Array.from(values, BigInt);
      tf.TF_SessionRun(
        session,
        0,
        feedOutputs,
        feedValues,
        values.length,
        fetchOutputs,
        results,
        fetches.length,
        0,
        0,
        0,
        status.pointer,
      );
      status.check("runSavedModel", () => this.#describe(inputs));
    } finally {
      for (const value of values) tf.TF_DeleteTensor(value);
    }
    return fetches.map((_, i) => {
      const tensor = Number(results[i]);
      const handle = tf.TFE_NewTensorHandle(tensor, status.pointer);
      tf.TF_DeleteTensor(tensor);
      status.check("runSavedModel", () => `output ${fetches[i]}`);
      return this.#tensors.adopt(handle);
    });
  }

  #get(id: number): Loaded {
    const loaded = this.#loaded.get(id);
    if (loaded !== undefined) return loaded;
    throw new RuntimeError({
      what: "SavedModel",
      expected: "a model that is loaded",
      got: `number ${id}, which is not`,
    });
  }

  #describe(inputs: readonly number[]): string {
    return inputs
      .map((id) => this.#tensors.get(id))
      .map(({ dtype, shape }) => describe(dtype, shape))
      .join(", ");
  }

  /** An array of `TF_Output { TF_Operation* oper; int index; }`. */
  #outputs(graph: Pointer, names: readonly string[]): DataView {
    const outputs = new DataView(new ArrayBuffer(Math.max(1, names.length) * 16));
    names.forEach((name, i) => {
      const [operation = name, index = "0"] = name.split(":");
      const pointer = this.#context.native.tf.TF_GraphOperationByName(graph, operation);
      if (pointer === 0) {
        throw new ValueError({ what: "runSavedModel", expected: "the name of an operation in the graph", got: name });
      }
      outputs.setBigUint64(i * 16, BigInt(pointer), true);
      outputs.setInt32(i * 16 + 8, Number(index) || 0, true);
    });
    return outputs;
  }
}

function split(names: string): string[] {
  return names === "" ? [] : names.split(",");
}
