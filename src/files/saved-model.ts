import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FileError } from "../errors.js";
import { assertModel } from "../nn/assert-model.js";
import type { Model } from "../nn/module.js";
import { type Endpoint, type Frozen, freeze } from "../runtime/freeze.js";
import { runtimeInfo } from "../runtime/index.js";
import { bytesField, integerField } from "../runtime/proto.js";
import * as tf from "../runtime/tf.js";
import { assertPath } from "./arguments.js";
import { refused, syncFolder, uniqueSuffix, writeSynced } from "./write-whole.js";

/**
 * Writes the model as a SavedModel of TensorFlow's, for Python, TensorFlow Serving and converters: a new folder, which is there whole
 * or not at all. Its signature `serving_default` takes `x: [examples, ...I]` and gives `y: [examples, ...O]`, as `predict` does, for
 * any number of examples. Weights are constants in it: it cannot be trained on. Throws FileError where there is something already,
 * ValueError where the model does something else for each number of examples, RuntimeError without TensorFlow or above 2 GB.
 */
export async function exportSavedModel(model: Model, folder: string): Promise<void> {
  assertModel("exportSavedModel", model);
  assertPath("exportSavedModel", folder, "folder");
  const frozen = freeze(
    "exportSavedModel",
    (batch) => model.forward(batch, { training: false }),
    (size) => tf.zeros([size, ...model.inputShape], model.inputDtype),
  );
  const temporary = join(dirname(folder), `.${basename(folder)}.${uniqueSuffix()}`);
  try {
    await mkdir(temporary);
    await writeSynced(join(temporary, "saved_model.pb"), savedModel(frozen));
    await syncFolder(temporary);
    await rename(temporary, folder);
    await syncFolder(dirname(folder));
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    const { code = "" } = cause as NodeJS.ErrnoException;
    if (!["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(code)) throw refused("exportSavedModel", folder, cause);
    const hint = "Remove it, or take another name: nothing is written over.";
    const got = `something there already (${code})`;
    throw new FileError(
      { what: "exportSavedModel", expected: `room for a new folder ${folder}`, got, hint },
      { cause },
    );
  }
}

/** A SavedModel (tensorflow/core/protobuf/saved_model.proto, meta_graph.proto) with one signature, as chunks of bytes. */
function savedModel({ graph, input, output }: Frozen): Uint8Array[] {
  const signature = [
    bytesField(1, entry("x", tensorInfo(input))),
    bytesField(2, entry("y", tensorInfo(output))),
    bytesField(3, "tensorflow/serving/predict"),
  ];
  // TensorFlow in Python reads the version.
  const info = [bytesField(4, "serve"), bytesField(5, runtimeInfo().tensorflowVersion ?? "2")];
  const metaGraph = [bytesField(1, info), bytesField(2, graph), bytesField(5, entry("serving_default", signature))];
  return [integerField(1, 1), bytesField(2, metaGraph)];
}

function tensorInfo({ name, dtype, shape }: Endpoint): Uint8Array[] {
  const sizes = shape.map((size) => bytesField(2, integerField(1, size)));
  return [bytesField(1, name), integerField(2, dtype), bytesField(3, sizes)];
}

/** An entry of a map. */
function entry(key: string, value: readonly Uint8Array[]): Uint8Array[] {
  return [bytesField(1, key), bytesField(2, value)];
}
