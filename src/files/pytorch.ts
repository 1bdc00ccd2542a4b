/** Weights as torch.nn names and lays them out, in Nabla's names and layout. */
import type { Model, Parameter } from "../nn/module.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Found, Named } from "./found.js";
import { floatsOf, type Stored, store, transposed } from "./stored.js";

/** Torch's last words of a name, and ours. A second one is taken where the model has it. */
const words: readonly (readonly [theirs: RegExp, ...ours: string[]])[] = [
  [/\brunning_mean$/, "movingMean"],
  [/\brunning_var$/, "movingVariance"],
  [/\bin_proj_weight$/, "qkv.weight"],
  [/\bin_proj_bias$/, "qkv.bias"],
  [/\bout_proj\.(weight|bias)$/, "projection.$1"],
  [/\bself_attn\.in_proj_(weight|bias)$/, "attention.qkv.$1"],
  [/\bself_attn\.out_proj\.(weight|bias)$/, "attention.projection.$1"],
  [/\blinear1\.(weight|bias)$/, "mlp.widen.$1"],
  [/\blinear2\.(weight|bias)$/, "mlp.narrow.$1"],
  ...recurrentWords("weight_ih", "weight"),
  ...recurrentWords("weight_hh", "recurrentWeight"),
  ...recurrentWords("bias_ih", "bias"),
  ...recurrentWords("bias_hh", "bias", "recurrentBias"),
];

/** A weight of a recurrent network by its layer and direction, which are ours only where there are several. */
function recurrentWords(theirs: string, ...ours: string[]): [RegExp, ...string[]][] {
  const under = (...places: string[]) => ours.flatMap((word) => places.map((place) => `${place}${word}`));
  return [
    [new RegExp(`\\b${theirs}_l(\\d+)$`), ...under("$1.", "$1.forward.")],
    [new RegExp(`\\b${theirs}_l(\\d+)_reverse$`), ...under("$1.backward.")],
    [new RegExp(`\\b${theirs}_l0$`), ...under("", "forward.")],
    [new RegExp(`\\b${theirs}_l0_reverse$`), ...under("backward.")],
  ];
}

/** What torch keeps beside weights: nothing here counts batches. */
const counters = /\bnum_batches_tracked$/;

/** Which weight of the model each of torch's is, laid out as ours. Two biases of a recurrent layer become their sum. */
export function fromPytorch(model: Model, named: Named): Found[] {
  const parameters = new Map(model.parameters.map((parameter) => [parameter.path, parameter]));
  const flattened = flattenedImages(model);
  const found: Found[] = [];
  for (const { theirs, name, stored } of named) {
    if (counters.test(name)) continue;
    const path = ourPath(name, parameters);
    if (path === undefined) {
      found.push({ theirs: [theirs], path, stored });
      continue;
    }
    const ours = turned(stored, parameters.get(path)!, flattened.get(path));
    const other = found.findIndex((one) => one.path === path);
    if (other >= 0 && /\bbias_[ih]h_l\d+(_reverse)?$/.test(theirs)) {
      const before = found[other]!;
      found[other] = { theirs: [...before.theirs, theirs], path, stored: sum(before.stored, ours) };
    } else found.push({ theirs: [theirs], path, stored: ours });
  }
  return found;
}

function ourPath(name: string, parameters: ReadonlyMap<string, Parameter>): string | undefined {
  const names = [name];
  for (const [theirs, ...ours] of words) {
    // The last of our words first: it is the more special one.
    if (theirs.test(name)) names.unshift(...ours.reverse().map((word) => name.replace(theirs, word)));
  }
  return names.flatMap((one) => [one, `layers.${one}`]).find((path) => parameters.has(path));
}

/** [out, in, ...window] → [...window, in, out]; vectors and tables of vectors stay. Transposed convolutions are [in, out, ...window]. */
function turned(stored: Stored, { kind, variable }: Parameter, image: Shape | undefined): Stored {
  const { length } = stored.shape;
  if (kind === "table") return stored;
  const window = Array.from({ length: length - 2 }, (_, axis) => axis + 2);
  const channels = kind === "transposed" ? [0, 1] : [1, 0];
  const ours = length < 2 ? stored : transposed(stored, [...window, ...channels]);
  // [...window, 1, channels × multiplier], the filters of a channel side by side.
  if (kind === "depthwise" && sizeOf(ours.shape) === variable.size) return { ...ours, shape: variable.shape };
  return image === undefined ? ours : channelsLast(ours, image);
}

/** Rows in the order of an image of channels [channels, ...places] → in that of [...places, channels]. */
function channelsLast(stored: Stored, image: Shape): Stored {
  const { dtype, shape, bytes } = stored;
  if (shape[0] !== sizeOf(image)) return stored;
  const [channels, places] = [image.at(-1)!, image.slice(0, -1)];
  const split = { dtype, bytes, shape: [channels, sizeOf(places), ...shape.slice(1)] };
  const axes = split.shape.map((_, axis) => (axis < 2 ? 1 - axis : axis));
  return { ...transposed(split, axes), shape };
}

/**
 * Weights whose rows are the numbers of a flattened image or sequence, with its shape [...places, channels]: those of the first layer
 * with a matrix behind a `flatten()`, and of what stands between.
 */
function flattenedImages(model: Model): Map<string, Shape> {
  const images = new Map<string, Shape>();
  let image: Shape | undefined;
  let before: Shape = model.inputShape;
  // Sequences have their channels first in torch only where a convolution made them.
  let convolved = false;
  for (const { path, label, outputShape } of model.summary) {
    if (label === "flatten()" && before.length > (convolved ? 1 : 2)) image = before;
    if (/^\w*conv1d/i.test(label)) convolved = true;
    else if (/^(rnn|lstm|gru|bidirectional|embedding|attention|\w*Block|permute|reshape)\(/.test(label))
      convolved = false;
    const own = model.parameters.filter((parameter) => parameter.path.startsWith(`${path}.`));
    const matrices = own.filter(({ variable }) => variable.rank > 1);
    // The bias beside a matrix belongs to what comes out of it.
    for (const parameter of matrices.length > 0 ? matrices : own) {
      if (image !== undefined) images.set(parameter.path, image);
    }
    if (matrices.length > 0) image = undefined;
    before = outputShape;
  }
  return images;
}

function sum(a: Stored, b: Stored): Stored {
  const other = floatsOf(b);
  return store(
    a.shape,
    floatsOf(a).map((value, index) => value + other[index]!),
  );
}
