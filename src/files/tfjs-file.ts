/** Models of tfjs-layers: `model.json`, which says what lies in the files of weights beside it. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError, FileError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import { layersOf } from "./keras-file.js";
import type { KerasLayer } from "./keras-layers.js";
import { floatsOf, integersOf, type Stored, type StoredType, store, widths } from "./stored.js";
import { refused } from "./write-whole.js";

/** A weight as model.json describes it (tfjs-core, io/types.ts: WeightsManifestEntry). */
interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

interface Group {
  readonly paths: readonly string[];
  readonly weights: readonly Entry[];
}

/** The layers of a model, in its order. Throws FileError, DataError. */
export async function readTfjsLayers(what: string, file: string): Promise<KerasLayer[]> {
  const { modelTopology, weightsManifest } = await readModel(what, file);
  const arrays = new Map<string, Stored>();
  for (const { paths, weights } of weightsManifest) {
    const parts: Buffer[] = [];
    for (const path of paths) parts.push(await read(what, join(dirname(file), path)));
    unpack(what, file, Buffer.concat(parts), weights, arrays);
  }
  // Keras's converter puts the model's configuration one level lower.
  const config = modelTopology.model_config ?? modelTopology;
  return layersOf(what, file, config).map(({ class_name: className, config, inbound_nodes: inbound }) => {
    const own = [...arrays].filter(([name]) => name.startsWith(`${config.name}/`));
    const weights = new Map(own.map(([name, stored]) => [name.slice(name.lastIndexOf("/") + 1), stored]));
    return { className, name: config.name, config, inbound, arrays: weights };
  });
}

async function readModel(
  what: string,
  file: string,
): Promise<{ modelTopology: { model_config?: unknown }; weightsManifest: readonly Group[] }> {
  const text = (await read(what, file)).toString();
  let model: { modelTopology?: unknown; weightsManifest?: unknown };
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw new FileError({ what, expected: `JSON in ${file}`, got: "something else" }, { cause });
  }
  const { modelTopology, weightsManifest } = model ?? {};
  const isModel = typeof modelTopology === "object" && modelTopology !== null;
  if (isModel && Array.isArray(weightsManifest) && weightsManifest.every(isGroup))
    return { modelTopology, weightsManifest };
  const hint = "Models converted from a SavedModel (graph models) have no layers.";
  throw new FileError({
    what,
    expected: `modelTopology and weightsManifest of tfjs-layers in ${file}`,
    got: "others",
    hint,
  });
}

function isGroup(value: unknown): value is Group {
  const { paths, weights } = (value ?? {}) as Partial<Group>;
  return (
    Array.isArray(paths) &&
    paths.every((path) => typeof path === "string") &&
    Array.isArray(weights) &&
    weights.every(
      ({ name, shape, dtype }: Entry) => typeof name === "string" && Array.isArray(shape) && typeof dtype === "string",
    )
  );
}

async function read(what: string, file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw refused(what, file, cause);
  });
}

/** Element types of the manifest. */
const types: Readonly<Record<string, StoredType>> = {
  float32: "F32",
  float16: "F16",
  int32: "I32",
  uint8: "U8",
  uint16: "U16",
  bool: "BOOL",
};

/** The weights lie one behind another. */
function unpack(what: string, file: string, bytes: Buffer, entries: readonly Entry[], into: Map<string, Stored>): void {
  let at = 0;
  for (const { name, shape, dtype, quantization } of entries) {
    const type = types[quantization?.dtype ?? dtype];
    if (type === undefined) {
      const expected = `numbers for '${name}' of ${file}`;
      throw new DataError({ what, expected, got: quantization?.dtype ?? dtype });
    }
    const end = at + sizeOf(shape) * widths[type];
    if (end > bytes.length) {
      throw new FileError({ what, expected: `${end} bytes of weights beside ${file}`, got: String(bytes.length) });
    }
    const stored: Stored = { dtype: type, shape, bytes: bytes.subarray(at, end) };
    into.set(name, quantization === undefined ? stored : restored(stored, quantization));
    at = end;
  }
  if (at === bytes.length) return;
  throw new FileError({ what, expected: `${at} bytes of weights beside ${file}`, got: String(bytes.length) });
}

/** Whole numbers stand for `scale × number + min`. */
function restored(stored: Stored, { scale = 1, min = 0 }: NonNullable<Entry["quantization"]>): Stored {
  if (stored.dtype === "F16") return store(stored.shape, floatsOf(stored));
  return store(
    stored.shape,
    Float32Array.from(integersOf(stored), (value) => value * scale + min),
  );
}
