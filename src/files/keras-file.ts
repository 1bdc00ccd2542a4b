/** Keras 3's `.keras`: a zip archive of the model's configuration (JSON) and its weights (HDF5). */
import { DataError, FileError } from "../errors.js";
import { readHdf5 } from "./hdf5.js";
import { type KerasLayer, kerasWeights } from "./keras-layers.js";
import type { Stored } from "./stored.js";
import { unzip } from "./zip.js";

/** The layers of a `.keras` file's bytes, in the model's order. Throws FileError, DataError. */
export function readKeras(what: string, name: string, bytes: Uint8Array): KerasLayer[] {
  const files = unzip(what, name, bytes);
  const [config, weights] = ["config.json", "model.weights.h5"].map((part) => {
    const file = files.get(part);
    if (file !== undefined) return file;
    const got = [...files.keys()].slice(0, 3).join(", ") || "nothing";
    const pickle = [...files.keys()].some((one) => one.endsWith("data.pkl"));
    const hint = "PyTorch's own files may run code when they are read: write one with safetensors.torch.save_file.";
    throw new FileError({ what, expected: `${part} in ${name}`, got, ...(pickle && { hint }) });
  }) as [Uint8Array, Uint8Array];
  return kerasLayers(what, name, parseConfig(what, name, config), readHdf5(what, `${name}: model.weights.h5`, weights));
}

/** What Keras says of a layer. */
export interface LayerConfig {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly inbound_nodes?: unknown;
}

/** The layers of a model's configuration, a Sequential's or a Functional's. Throws DataError. */
export function layersOf(what: string, name: string, config: unknown): readonly LayerConfig[] {
  const inner = isRecord(config) ? config.config : undefined;
  const layers = Array.isArray(inner) ? inner : isRecord(inner) ? inner.layers : undefined;
  if (Array.isArray(layers) && layers.every(isLayer)) return layers;
  const got = isRecord(config) ? String(config.class_name) : "none";
  throw new DataError({ what, expected: `a Sequential or Functional model in ${name}`, got });
}

function parseConfig(what: string, name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new FileError({ what, expected: `config.json in ${name}`, got: "no JSON" }, { cause });
  }
}

/** Keras numbers the layers of each class in the model's order: `layers/dense`, `layers/dense_1`. */
function kerasLayers(what: string, name: string, config: unknown, arrays: ReadonlyMap<string, Stored>): KerasLayer[] {
  const counts = new Map<string, number>();
  return layersOf(what, name, config).map(({ class_name: className, config, inbound_nodes: inbound }) => {
    const kind = snakeCase(className);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const folder = `layers/${kind}${count === 0 ? "" : `_${count}`}/`;
    const own = [...arrays].filter(([path]) => path.startsWith(folder) && !path.includes("seed_generator"));
    const weights = new Map(own.map(([path, stored]) => [weightName(className, config, path), stored]));
    return { className, name: config.name, config, inbound, arrays: weights };
  });
}

/** A weight has only a number: which of those it is that the layer makes. */
function weightName(className: string, config: LayerConfig["config"], path: string): string {
  const way = /\/(forward|backward)_layer\//.exec(path)?.[1];
  const inner = config.layer;
  if (way !== undefined && isLayer(inner)) {
    return `${way}/${weightName(inner.class_name, inner.config, path.replace(`${way}_layer`, ""))}`;
  }
  const index = Number(/\/vars\/(\d+)$/.exec(path)?.[1]);
  const names = Object.keys(Object.hasOwn(kerasWeights, className) ? kerasWeights[className]! : {});
  const made = names.filter(
    (name) => !(name === "gamma" && config.scale === false) && !(name === "beta" && config.center === false),
  );
  return made[index] ?? path;
}

/** As Keras makes `batch_normalization` of `BatchNormalization` (keras/src/utils/naming.py). */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLayer(value: unknown): value is LayerConfig {
  return isRecord(value) && typeof value.class_name === "string" && isRecord(value.config);
}
