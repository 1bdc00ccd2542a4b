/** Keras's layers as Nabla's. */
import { DataError } from "../errors.js";
import * as nn from "../nn/index.js";
import type { Layer } from "../nn/layer.js";
import type { Model } from "../nn/module.js";
import { show } from "../tensor/arguments.js";
import { KerasConfig } from "./keras-config.js";
import type { LayerConfig } from "./keras-file.js";
import type { KerasLayer } from "./keras-layers.js";

/** A model of these layers, one after another. Throws DataError for a layer or an option that Nabla has not. */
export function kerasModel(name: string, layers: readonly KerasLayer[]): Model {
  const built: Layer[] = [];
  let shape: readonly number[] | undefined;
  layers.forEach((layer, index) => {
    checkChain(name, layers, index);
    shape ??= inputShape(layer);
    if (layer.className === "InputLayer") return;
    built.push(...makeLayers(layer));
  });
  if (shape === undefined)
    throw new DataError({ what: "loadKeras", expected: `an input shape in ${name}`, got: "none" });
  return nn.sequential(nn.input(...shape), ...(built as never[])) as Model;
}

/** A layer may only take what the one before it gives. */
function checkChain(name: string, layers: readonly KerasLayer[], index: number): void {
  const before = layers[index - 1]?.name;
  const names = new Set(layers.map((layer) => layer.name));
  const taken: string[] = [];
  JSON.stringify(layers[index]!.inbound ?? [], (_, value: unknown) => {
    if (typeof value === "string" && names.has(value)) taken.push(value);
    return value;
  });
  if (taken.every((one) => one === before)) return;
  throw new DataError({
    what: "loadKeras",
    expected: `layers one after another in ${name}`,
    got: `'${layers[index]!.name}', which takes what '${taken.find((one) => one !== before)}' gives`,
    hint: "Make the model yourself, and give it the weights with train.load.",
  });
}

function inputShape({ config, name }: KerasLayer): readonly number[] | undefined {
  const shape = config.batch_shape ?? config.batch_input_shape;
  if (shape === undefined || shape === null) return undefined;
  const sizes: unknown[] = Array.isArray(shape) ? shape.slice(1) : [];
  if (sizes.length > 0 && sizes.every((size) => typeof size === "number")) return sizes;
  throw new DataError({ what: "loadKeras", expected: `an input of known sizes for '${name}'`, got: show(shape) });
}

function makeLayers(layer: KerasLayer): Layer[] {
  const make = Object.hasOwn(makers, layer.className) ? makers[layer.className] : undefined;
  if (make === undefined) {
    const expected = `layers of the kinds ${Object.keys(makers).join(", ")}`;
    throw new DataError({ what: "loadKeras", expected, got: `${layer.className} '${layer.name}'` });
  }
  const config = new KerasConfig(layer);
  const made = make(config);
  config.finish();
  return made;
}

/** What makes a layer, and the activation behind it, of a configuration. */
type Maker = (config: KerasConfig) => Layer[];

/** Functions of Keras's by name. */
const activations: Readonly<Record<string, () => readonly Layer[]>> = {
  linear: () => [],
  relu: () => [nn.relu()],
  tanh: () => [nn.tanh()],
  sigmoid: () => [nn.sigmoid()],
  softmax: () => [nn.softmax()],
  gelu: () => [nn.gelu()],
  elu: () => [nn.elu()],
  selu: () => [nn.selu()],
  silu: () => [nn.silu()],
  swish: () => [nn.silu()],
  softplus: () => [nn.softplus()],
  softsign: () => [nn.softsign()],
  mish: () => [nn.mish()],
  relu6: () => [nn.relu6()],
  log_softmax: () => [nn.logSoftmax()],
};

function activation(config: KerasConfig, name = "activation"): readonly Layer[] {
  const wanted = config.value(name) ?? "linear";
  const make = typeof wanted === "string" && Object.hasOwn(activations, wanted) ? activations[wanted] : undefined;
  if (make !== undefined) return make();
  const expected = `one of the activations ${Object.keys(activations).join(", ")}`;
  throw new DataError({ what: "loadKeras", expected, got: show(wanted) });
}

/** Calls one of nn's functions, whose types want to know the sizes. */
function call(make: unknown, ...args: readonly unknown[]): Layer {
  return (make as (...args: readonly unknown[]) => Layer)(...args);
}

/** Sizes along axes as our layers take them: a number where all are the same. */
function sizes(config: KerasConfig, name: string): number | readonly number[] {
  const list = config.numbers(name, 1);
  return list.every((size) => size === list[0]) ? list[0]! : list;
}

const convolution =
  (make: unknown): Maker =>
  (config) => {
    const [filters, kernel] = [config.number("filters"), sizes(config, "kernel_size")];
    return [call(make, filters, kernel, moving(config)), ...activation(config)];
  };

function moving(config: KerasConfig): object {
  const groups = config.value("groups") ?? 1;
  const multiplier = config.value("depth_multiplier") ?? 1;
  return {
    stride: sizes(config, "strides"),
    padding: config.text("padding", "valid"),
    dilation: sizes(config, "dilation_rate"),
    ...(groups !== 1 && { groups }),
    ...(multiplier !== 1 && { multiplier }),
    bias: config.flag("use_bias", true),
  };
}

const pool =
  (make: unknown): Maker =>
  (config) => {
    const size = sizes(config, "pool_size");
    return [call(make, size, { stride: sizes(config, "strides"), padding: config.text("padding", "valid") })];
  };

const plain =
  (make: () => Layer): Maker =>
  () => [make()];

const recurrent =
  (make: unknown, options: (config: KerasConfig) => object = () => ({})): Maker =>
  (config) => {
    const returnSequences = config.flag("return_sequences", false);
    return [call(make, config.number("units"), { returnSequences, ...options(config) })];
  };

/** LSTM and GRU know no other function than Keras's default. */
function onlyTanh(config: KerasConfig): object {
  const name = config.text("activation", "tanh");
  if (name !== "tanh") throw new DataError({ what: "loadKeras", expected: `activation "tanh"`, got: show(name) });
  // Of the bias at the beginning nothing is left in trained weights.
  config.value("unit_forget_bias");
  return {};
}

const makers: Readonly<Record<string, Maker>> = {
  Activation: (config) => [...activation(config)],
  AlphaDropout: (config) => [nn.alphaDropout(config.number("rate"))],
  AveragePooling1D: pool(nn.averagePool1d),
  AveragePooling2D: pool(nn.averagePool2d),
  AveragePooling3D: pool(nn.averagePool3d),
  BatchNormalization(config) {
    lastAxis(config);
    // Keras's is the share of what was before.
    const momentum = Number((1 - config.number("momentum")).toPrecision(12));
    return [nn.batchNorm({ momentum, epsilon: config.number("epsilon") })];
  },
  Bidirectional(config) {
    const merge = oneOfMerges(config.text("merge_mode", "concat"));
    const [there, back] = [config.value("layer"), config.value("backward_layer")] as [
      LayerConfig,
      LayerConfig | undefined,
    ];
    if (back !== undefined && back.class_name !== there.class_name) {
      throw new DataError({ what: "loadKeras", expected: `${there.class_name} both ways`, got: back.class_name });
    }
    const { class_name: className, config: inner } = there;
    const [layer] = makeLayers({ className, name: inner.name, config: inner, arrays: new Map() });
    return [call(nn.bidirectional, layer, { merge })];
  },
  Conv1D: convolution(nn.conv1d),
  Conv1DTranspose: convolution(nn.conv1dTranspose),
  Conv2D: convolution(nn.conv2d),
  Conv2DTranspose: convolution(nn.conv2dTranspose),
  Conv3D: convolution(nn.conv3d),
  Conv3DTranspose: convolution(nn.conv3dTranspose),
  Dense: (config) => [nn.dense(config.number("units"), { bias: config.flag("use_bias", true) }), ...activation(config)],
  DepthwiseConv2D: (config) => [
    call(nn.depthwiseConv2d, sizes(config, "kernel_size"), moving(config)),
    ...activation(config),
  ],
  Dropout: (config) => [nn.dropout(config.number("rate"))],
  ELU: (config) => [nn.elu({ alpha: config.number("alpha", 1) })],
  Embedding(config) {
    const maskZero = config.flag("mask_zero", false);
    return [nn.embedding(config.number("input_dim"), config.number("output_dim"), maskZero ? { maskZero } : {})];
  },
  Flatten: plain(nn.flatten),
  GRU: recurrent(nn.gru, onlyTanh),
  GaussianNoise: (config) => [nn.gaussianNoise(config.number("stddev"))],
  GlobalAveragePooling1D: plain(nn.globalAveragePool1d),
  GlobalAveragePooling2D: plain(nn.globalAveragePool2d),
  GlobalAveragePooling3D: plain(nn.globalAveragePool3d),
  GlobalMaxPooling1D: plain(nn.globalMaxPool1d),
  GlobalMaxPooling2D: plain(nn.globalMaxPool2d),
  GlobalMaxPooling3D: plain(nn.globalMaxPool3d),
  GroupNormalization(config) {
    lastAxis(config);
    return [call(nn.groupNorm, config.number("groups"), { epsilon: config.number("epsilon") })];
  },
  LSTM: recurrent(nn.lstm, onlyTanh),
  LayerNormalization(config) {
    lastAxis(config);
    return [nn.layerNorm({ epsilon: config.number("epsilon") })];
  },
  // tfjs-layers calls it alpha.
  LeakyReLU(config) {
    const alpha = config.number("alpha", 0.3);
    return [nn.leakyRelu({ slope: config.number("negative_slope", alpha) })];
  },
  Masking: (config) => [nn.masking({ value: config.number("mask_value", 0) })],
  MaxPooling1D: pool(nn.maxPool1d),
  MaxPooling2D: pool(nn.maxPool2d),
  MaxPooling3D: pool(nn.maxPool3d),
  // Slopes for each feature: others have another shape than ours, which is said when they are set.
  PReLU(config) {
    config.value("shared_axes");
    return [nn.prelu()];
  },
  Permute: (config) => [call(nn.permute, ...config.numbers("dims").map((axis) => axis - 1))],
  ReLU: (config) => {
    for (const name of ["negative_slope", "threshold"]) zero(config, name);
    const most = config.value("max_value") ?? Number.POSITIVE_INFINITY;
    if (most === 6) return [nn.relu6()];
    if (most === Number.POSITIVE_INFINITY) return [nn.relu()];
    throw new DataError({ what: "loadKeras", expected: "ReLU with max_value 6 or none", got: show(most) });
  },
  Reshape: (config) => [call(nn.reshape, ...config.numbers("target_shape"))],
  SeparableConv1D: convolution(nn.separableConv1d),
  SeparableConv2D: convolution(nn.separableConv2d),
  SpatialDropout1D: (config) => [nn.spatialDropout1d(config.number("rate"))],
  SpatialDropout2D: (config) => [nn.spatialDropout2d(config.number("rate"))],
  UpSampling2D(config) {
    const interpolation = config.text("interpolation", "nearest");
    return [call(nn.upSampling2d, sizes(config, "size"), { interpolation })];
  },
  ZeroPadding2D: (config) => [call(nn.zeroPadding2d, config.value("padding"))],
  SimpleRNN: recurrent(nn.rnn, (config) => ({ activation: config.text("activation", "tanh") })),
  Softmax: plain(nn.softmax),
};

const merges: Readonly<Record<string, string>> = { concat: "concat", sum: "sum", ave: "mean", mul: "multiply" };

function oneOfMerges(name: string): string {
  if (Object.hasOwn(merges, name)) return merges[name]!;
  throw new DataError({ what: "loadKeras", expected: `merge_mode ${Object.keys(merges).join(", ")}`, got: show(name) });
}

/** Keras writes the axis as a number, or as a list of one. An axis from the front would have to be held against the shape. */
function lastAxis(config: KerasConfig): void {
  const axis = config.value("axis") ?? -1;
  const [only] = Array.isArray(axis) && axis.length === 1 ? (axis as unknown[]) : [axis];
  if (only === -1) return;
  throw new DataError({ what: "loadKeras", expected: "a normalization of the last axis (-1)", got: show(axis) });
}

function zero(config: KerasConfig, name: string): void {
  const value = config.value(name) ?? 0;
  if (value !== 0) throw new DataError({ what: "loadKeras", expected: `ReLU with ${name} 0`, got: show(value) });
}
