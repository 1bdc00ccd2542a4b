import { assertModel } from "../nn/assert-model.js";
import type { Model } from "../nn/module.js";
import { assertPath } from "./arguments.js";
import { encodeSafetensors } from "./safetensors.js";
import { sealed } from "./seal.js";
import { type Stored, store } from "./stored.js";
import { writeWhole } from "./write-whole.js";

/**
 * Writes the model's weights, also those that are not trained, to a safetensors file: by path, laid out as Nabla has them, with a
 * checksum. The file is there whole or not at all, and the one before it stays until then; of two that are written at once, one
 * stays, whole. Throws ValueError, FileError.
 */
export async function save(model: Model, file: string): Promise<void> {
  assertModel("save", model);
  assertPath("save", file, "file");
  const arrays = new Map(model.parameters.map(({ path, variable }) => [path, storeWeight(variable)]));
  const metadata = await sealed({ arrays, metadata: { model: model.name } });
  await writeWhole("save", file, encodeSafetensors(arrays, metadata));
}

/** A copy of a weight's values. */
function storeWeight(variable: Model["parameters"][number]["variable"]): Stored {
  return store(variable.shape, variable.dataSync<"float32">());
}
