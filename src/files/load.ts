import { open, readFile } from "node:fs/promises";
import { FileError, ValueError } from "../errors.js";
import { assertModel } from "../nn/assert-model.js";
import type { Model } from "../nn/module.js";
import { checkOptions, oneOf, show } from "../tensor/arguments.js";
import { assertPath } from "./arguments.js";
import { type Found, type Loaded, type Named, setFound } from "./found.js";
import { readKeras } from "./keras-file.js";
import { fromKerasLayers, inOrder, type KerasLayer } from "./keras-layers.js";
import { kerasModel } from "./keras-model.js";
import { fromPytorch } from "./pytorch.js";
import { readSafetensors } from "./safetensors.js";
import { checkSeal, ourFormat } from "./seal.js";
import type { Stored } from "./stored.js";
import { readTfjsLayers } from "./tfjs-file.js";
import { refused } from "./write-whole.js";

/** How weights lie in a file, and what they are called there. */
export type Layout = "nabla" | "pytorch";

/** How {@link load} reads. */
export interface LoadOptions {
  /**
   * Our path for their name, `layers.0.weight`, or at least ours of the layer, with their last word: `layers.0.running_mean`.
   * Undefined leaves a weight out. Default: their name, with `layers.` before it where the model has it so.
   */
  readonly names?: (theirs: string) => string | undefined;
  /**
   * `"pytorch"`: linear layers [out, in], convolutions [out, in, height, width], images flattened channel by channel, names as
   * torch.nn has them. `"nabla"`: [..., in, out], as here and in Keras. Default: "nabla" for files that `save` wrote, otherwise
   * "pytorch".
   */
  readonly layout?: Layout;
  /** Every weight of the model must be found, and every one of the file used. Default true. */
  readonly strict?: boolean;
}

/**
 * Gives the model the weights of a file: safetensors, Keras 3's `.keras`, or `model.json` of tfjs-layers. Layers of the
 * last two are paired with the model's by their order, or by `names`, for which their weights are called `LAYER.weight`. Throws
 * FileError where the file is none, torn or changed, ValueError, ShapeError and DataError where its weights are not the model's;
 * then the model is as it was.
 */
export async function load(model: Model, file: string, options: LoadOptions = {}): Promise<Loaded> {
  assertModel("load", model);
  assertPath("load", file, "file");
  checkOptions("load", options, ["names", "layout", "strict"]);
  const { names, layout, strict = true } = options;
  if (layout !== undefined) oneOf("load: layout", layout, ["nabla", "pytorch"]);
  if (names !== undefined && typeof names !== "function") {
    throw new ValueError({ what: "load: names", expected: "a function of their name", got: show(names) });
  }
  const theirs = await readAny(file, layout);
  const { named, left } = renamed(theirs.named, names);
  const found = theirs.layout === "pytorch" ? fromPytorch(model, named) : fromNabla(model, named, theirs.ordered);
  return setFound(model, file, found, left, strict);
}

/**
 * A model of Keras's, a `.keras` file or `model.json` of tfjs-layers, as one of Nabla's: layers one after another, each with its
 * activation behind it, and their weights. What only training knows of, regularizers and first weights, stays behind. Throws
 * FileError where the file is none, torn or changed, DataError for layers and options that Nabla has not: nothing is passed over.
 */
export async function loadKeras(file: string): Promise<Model> {
  assertPath("loadKeras", file, "file");
  const kind = await kindOf(file);
  if (kind === "safetensors") {
    throw new FileError({
      what: "loadKeras",
      expected: `a .keras file or model.json in ${file}`,
      got: "something else",
    });
  }
  const layers = await readLayers("loadKeras", file, kind);
  const model = kerasModel(file, layers);
  setFound(model, file, fromNabla(model, fromKerasLayers(layers), true), [], true);
  return model;
}

/** What a file holds, under its own names. */
interface Theirs {
  readonly named: Named;
  readonly layout: Layout;
  /** Its layers come in the model's order. */
  readonly ordered: boolean;
}

/** Reads a file of any kind. */
async function readAny(file: string, layout: Layout | undefined): Promise<Theirs> {
  const kind = await kindOf(file);
  if (kind === "safetensors") {
    const content = await readSafetensors("load", file);
    await checkSeal("load", file, content);
    const named = [...content.arrays].map(([name, stored]) => ({ theirs: name, name, stored }));
    return { named, layout: layout ?? (content.metadata.format === ourFormat ? "nabla" : "pytorch"), ordered: false };
  }
  const layers = await readLayers("load", file, kind);
  return { named: fromKerasLayers(layers), layout: "nabla", ordered: true };
}

async function readLayers(what: string, file: string, kind: "keras" | "tfjs"): Promise<KerasLayer[]> {
  return kind === "keras" ? readKeras(what, file, await readFile(file)) : await readTfjsLayers(what, file);
}

/** By its first bytes: a zip archive, JSON, or what is left. */
async function kindOf(file: string): Promise<"safetensors" | "keras" | "tfjs"> {
  const start = Buffer.alloc(9);
  try {
    const handle = await open(file, "r");
    await handle.read(start, 0, start.length, 0).finally(() => handle.close());
  } catch (cause) {
    throw refused("load", file, cause);
  }
  if (start.readUInt32LE() === 0x04034b50) return "keras";
  if (start.toString("latin1", 0, 4) === "\x89HDF") {
    const hint = "Weights alone do not say which layer is which: save the model as .keras.";
    throw new FileError({
      what: "load",
      expected: `a .keras or safetensors file at ${file}`,
      got: "an HDF5 file",
      hint,
    });
  }
  // A safetensors file may begin with this letter, too, but then there is one more where its header begins.
  return start[0] === 0x7b && start[8] !== 0x7b ? "tfjs" : "safetensors";
}

/** Arrays under the names that the user gives them, and those that the user leaves out. */
function renamed(all: Named, names: LoadOptions["names"]): { named: Named; left: string[] } {
  const named: { theirs: string; name: string; stored: Stored }[] = [];
  const left: string[] = [];
  for (const { theirs, name: usual, stored } of all) {
    const name: unknown = names === undefined ? usual : names(usual);
    if (name === undefined) left.push(theirs);
    else if (typeof name === "string") named.push({ theirs, name, stored });
    else throw new ValueError({ what: "load: names", expected: `a name for '${theirs}'`, got: show(name) });
  }
  return { named, left };
}

function fromNabla(model: Model, named: Named, ordered: boolean): Found[] {
  const paths = new Set(model.parameters.map(({ path }) => path));
  return (ordered ? inOrder(model, named) : named).map(({ theirs, name, stored }) => ({
    theirs: [theirs],
    path: [name, `layers.${name}`].find((path) => paths.has(path)),
    stored,
  }));
}
