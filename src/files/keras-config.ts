/** The configuration of a layer of Keras's, option by option: none is passed over in silence. */
import { DataError } from "../errors.js";
import { show } from "../tensor/arguments.js";
import type { KerasLayer } from "./keras-layers.js";

/** What says nothing of what a trained layer computes. */
const silent =
  /(_initializer|_regularizer|_constraint)$|^(name|dtype|trainable|seed|input_shape|batch_shape|batch_input_shape|input_length|sparse|ragged|optional|noise_shape|stateful|unroll|zero_output_for_mask|implementation|use_cudnn|return_state|synchronized|input_spec|lora_.*|quantization_.*|renorm.*|virtual_batch_size|fused|autocast|time_major|cudnn_.*|activity_regularizer|dropout|recurrent_dropout)$/;

/** Values that ask for nothing: what an option is when it is not given. */
const neutral: Readonly<Record<string, unknown>> = {
  axis: -1,
  center: true,
  data_format: "channels_last",
  dilation_rate: 1,
  go_backwards: false,
  groups: 1,
  keepdims: false,
  output_padding: null,
  reset_after: true,
  rms_scaling: false,
  scale: true,
  recurrent_activation: "sigmoid",
  use_bias: true,
};

/** Takes options out of a layer's configuration; at the end none of a meaning must be left. */
export class KerasConfig {
  readonly #layer: KerasLayer;
  readonly #left: Map<string, unknown>;

  constructor(layer: KerasLayer) {
    this.#layer = layer;
    this.#left = new Map(Object.entries(layer.config));
  }

  /** A number; `otherwise` where nothing is said. Throws DataError. */
  number(name: string, otherwise?: number): number {
    const value = this.#take(name) ?? otherwise;
    if (typeof value === "number") return value;
    throw this.#refuse(`a number as ${name}`, value);
  }

  /** A truth value; `otherwise` where nothing is said. */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.#take(name) ?? otherwise;
    if (typeof value === "boolean") return value;
    throw this.#refuse(`true or false as ${name}`, value);
  }

  /** A text; `otherwise` where nothing is said. */
  text(name: string, otherwise: string): string {
    const value = this.#take(name) ?? otherwise;
    if (typeof value === "string") return value;
    throw this.#refuse(`a text as ${name}`, value);
  }

  /** Numbers, one for each axis: [2, 2]. One that is alone stands for itself. */
  numbers(name: string, otherwise?: number): readonly number[] {
    const value = this.#take(name) ?? otherwise;
    const list = typeof value === "number" ? [value] : value;
    if (Array.isArray(list) && list.every((size) => typeof size === "number")) return list;
    throw this.#refuse(`numbers as ${name}`, value);
  }

  /** Whatever it is. */
  value(name: string): unknown {
    return this.#take(name);
  }

  /** Throws DataError where an option with a meaning was not taken. */
  finish(): void {
    for (const [name, value] of this.#left) {
      if (silent.test(name) || isNeutral(name, value)) continue;
      throw this.#refuse(`no ${name}`, value);
    }
  }

  #take(name: string): unknown {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }

  #refuse(expected: string, value: unknown): DataError {
    const { className, name } = this.#layer;
    return new DataError({ what: `loadKeras: ${className} '${name}'`, expected, got: show(value) });
  }
}

function isNeutral(name: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  const asks = Object.hasOwn(neutral, name) ? neutral[name] : undefined;
  const single = Array.isArray(value) && value.every((one) => one === value[0]) ? value[0] : value;
  return single === asks;
}
