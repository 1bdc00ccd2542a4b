/** Keras's layers and their weights, in Nabla's names and layout. */
import { DataError, ShapeError } from "../errors.js";
import type { Model } from "../nn/module.js";
import { showShape } from "../tensor/shape.js";
import type { Named } from "./found.js";
import { type Stored, transposed, widths } from "./stored.js";

/** A layer, from a file of Keras's or of tfjs-layers'. */
export interface KerasLayer {
  readonly className: string;
  /** What error texts call it; its weights are `NAME.weight` for `names`. */
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What it takes: in some of Keras's words, in which the names of layers stand. */
  readonly inbound?: unknown;
  /** Its weights under Keras's names, `kernel`. */
  readonly arrays: ReadonlyMap<string, Stored>;
}

const separable = {
  depthwise_kernel: "depthwise.weight",
  pointwise_kernel: "pointwise.weight",
  bias: "pointwise.bias",
};

/** Keras's names of a layer's weights, in the order in which it makes them, and ours. */
export const kerasWeights: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Dense: { kernel: "weight", bias: "bias" },
  Conv1D: { kernel: "weight", bias: "bias" },
  Conv2D: { kernel: "weight", bias: "bias" },
  Conv3D: { kernel: "weight", bias: "bias" },
  Conv1DTranspose: { kernel: "weight", bias: "bias" },
  Conv2DTranspose: { kernel: "weight", bias: "bias" },
  Conv3DTranspose: { kernel: "weight", bias: "bias" },
  DepthwiseConv1D: { depthwise_kernel: "weight", bias: "bias" },
  DepthwiseConv2D: { depthwise_kernel: "weight", bias: "bias" },
  SeparableConv1D: separable,
  SeparableConv2D: separable,
  BatchNormalization: {
    gamma: "weight",
    beta: "bias",
    moving_mean: "movingMean",
    moving_variance: "movingVariance",
  },
  LayerNormalization: { gamma: "weight", beta: "bias" },
  GroupNormalization: { gamma: "weight", beta: "bias" },
  PReLU: { alpha: "weight" },
  Embedding: { embeddings: "weight" },
  SimpleRNN: { kernel: "weight", recurrent_kernel: "recurrentWeight", bias: "bias" },
  LSTM: { kernel: "weight", recurrent_kernel: "recurrentWeight", bias: "bias" },
  GRU: { kernel: "weight", recurrent_kernel: "recurrentWeight", bias: "bias" },
};

/** The weights of layers as `LAYER.weight`, laid out as ours. Throws DataError for a layer that we do not know. */
export function fromKerasLayers(layers: readonly KerasLayer[]): Named {
  return layers.flatMap(directions).flatMap(({ className, name, config, arrays }) => {
    if (arrays.size === 0) return [];
    const names = Object.hasOwn(kerasWeights, className) ? kerasWeights[className]! : undefined;
    if (names === undefined) {
      const expected = `layers with weights of the kinds ${Object.keys(kerasWeights).join(", ")}`;
      throw new DataError({ what: "load", expected, got: `${className} '${name}'` });
    }
    return [...arrays].flatMap(([theirs, stored]) => {
      const ours = names[theirs];
      if (ours === undefined) {
        const expected = `${Object.keys(names).join(", ")} of ${className} '${name}'`;
        throw new DataError({ what: "load", expected, got: `'${theirs}'` });
      }
      const place = (word: string) => ({ theirs: `${name}/${theirs}`, name: `${name}.${word}` });
      if (className.endsWith("Transpose") && ours === "weight") return [{ ...place(ours), stored: swapped(stored) }];
      if (className !== "GRU") return [{ ...place(ours), stored }];
      return gru(name, config, theirs, ours, stored).map((part) => ({ ...place(part.word), stored: part.stored }));
    });
  });
}

/** A Bidirectional is two layers, whose weights begin with `forward/` and `backward/`. */
function directions(layer: KerasLayer): readonly KerasLayer[] {
  const inner = layer.config.layer as { class_name?: unknown; config?: KerasLayer["config"] } | undefined;
  if (layer.className !== "Bidirectional" || typeof inner?.class_name !== "string") return [layer];
  return ["forward", "backward"].map((way) => ({
    className: String(inner.class_name),
    name: `${layer.name}.${way}`,
    config: inner.config ?? {},
    arrays: new Map(
      [...layer.arrays].flatMap(([name, stored]) =>
        name.startsWith(`${way}/`) ? [[name.slice(way.length + 1), stored] as const] : [],
      ),
    ),
  }));
}

/**
 * Pairs their layers with the model's by order, where names do not say: the first layer with weights with our first, and so on.
 * Names that the model has stay.
 */
export function inOrder(model: Model, named: Named): Named {
  const paths = new Set(model.parameters.map(({ path }) => path));
  if (named.some(({ name }) => paths.has(name))) return named;
  const ours = [...new Set(model.parameters.map(({ path }) => layerOf(path)))];
  const theirs = [...new Set(named.map(({ name }) => layerOf(name)))];
  return named.map((one) => {
    const layer = layerOf(one.name);
    const place = ours[theirs.indexOf(layer)];
    return place === undefined ? one : { ...one, name: `${place}${one.name.slice(layer.length)}` };
  });
}

function layerOf(path: string): string {
  return path.slice(0, path.lastIndexOf("."));
}

/** Keras has the filters of a transposed convolution [...window, out, in]. */
function swapped(stored: Stored): Stored {
  const axes = stored.shape.map((_, axis) => axis);
  return transposed(stored, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}

/** Keras's gates are update, reset, new; ours are reset, update, new. Its two biases are rows of one. */
function gru(
  name: string,
  config: KerasLayer["config"],
  theirs: string,
  ours: string,
  stored: Stored,
): { word: string; stored: Stored }[] {
  if (config.reset_after !== true) {
    const hint = "Nabla's gru computes as PyTorch and cuDNN do.";
    throw new DataError({ what: "load", expected: `GRU '${name}' with reset_after`, got: "one without", hint });
  }
  const columns = stored.shape.at(-1)! / 3;
  if (!Number.isInteger(columns)) {
    throw new ShapeError({
      what: "load",
      expected: `three gates in '${name}/${theirs}'`,
      got: showShape(stored.shape),
    });
  }
  const turned = gatesTurned(stored, columns * widths[stored.dtype]);
  if (theirs !== "bias") return [{ word: ours, stored: turned }];
  const half = turned.bytes.length / 2;
  const row = (begin: number): Stored => ({
    dtype: stored.dtype,
    shape: [3 * columns],
    bytes: turned.bytes.subarray(begin, begin + half),
  });
  return [
    { word: "bias", stored: row(0) },
    { word: "recurrentBias", stored: row(half) },
  ];
}

/** Exchanges the first two of three blocks of `width` bytes in each row. */
function gatesTurned(stored: Stored, width: number): Stored {
  const bytes = new Uint8Array(stored.bytes);
  for (let row = 0; row < bytes.length; row += 3 * width) {
    bytes.set(stored.bytes.subarray(row + width, row + 2 * width), row);
    bytes.set(stored.bytes.subarray(row, row + width), row + width);
  }
  return { ...stored, bytes };
}
