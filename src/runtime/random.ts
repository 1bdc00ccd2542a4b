/** Random tensors by TensorFlow's counter-based generator (Philox, Salmon et al. 2011), the same on a device for the same seed. */
import * as core from "@tensorflow/tfjs-core";
import { ValueError } from "../errors.js";
import { typeAttribute } from "./attributes.js";
import { loadedTensorFlow } from "./backend.js";
import { TF } from "./dtypes.js";
import { theEngine } from "./engine.js";
import type { NodeBackend } from "./node-backend.js";
import { afterRun, currentTrace, fed } from "./tracing.js";

/** Where a stream of random tensors is: all there is to keep of it in a checkpoint. */
export interface StreamState {
  readonly key: number;
  readonly counter: number;
}

/**
 * Random tensors, one after another: a key, and a counter that grows with every tensor, also with every run of a compiled function
 * that takes one. Whole numbers, taken modulo 2³².
 */
export class RandomStream implements StreamState {
  #key: number;
  #counter: number;

  constructor(key: number, counter = 0) {
    this.#key = key;
    this.#counter = counter;
  }

  get key(): number {
    return this.#key;
  }

  get counter(): number {
    return this.#counter;
  }

  /** Goes on where a stream with this state would. */
  restore({ key, counter }: StreamState): void {
    this.#key = key;
    this.#counter = counter;
  }

  /** Evenly from [0, 1), float32. */
  uniform(shape: readonly number[]): core.Tensor {
    return this.#draw("StatelessRandomUniform", shape, (seed) => core.randomUniform([...shape], 0, 1, "float32", seed));
  }

  /** From the normal distribution with mean 0 and deviation 1, float32. */
  normal(shape: readonly number[]): core.Tensor {
    return this.#draw("StatelessRandomNormal", shape, (seed) => core.randomNormal([...shape], 0, 1, "float32", seed));
  }

  /** The same, but values beyond two deviations are drawn again. */
  truncatedNormal(shape: readonly number[]): core.Tensor {
    const spare = (seed: number) => core.truncatedNormal([...shape], 0, 1, "float32", seed);
    return this.#draw("StatelessTruncatedNormal", shape, spare);
  }

  #draw(operation: string, shape: readonly number[], spare: (seed: number) => core.Tensor): core.Tensor {
    // The backend must be there before anybody asks whether it is TensorFlow.
    const backend = theEngine().backend;
    if (loadedTensorFlow() === undefined) return spare((Math.imul(this.key, 0x9e3779b1) ^ this.#counter++) >>> 0);
    return core.tidy(() => {
      const native = backend as NodeBackend;
      const sizes = core.tensor1d([...shape], "int32");
      const seed = this.#next();
      const ids = native.getInputTensorIds([sizes, seed]);
      const attributes = [
        typeAttribute("dtype", TF.FLOAT),
        typeAttribute("T", TF.INT32),
        typeAttribute("Tseed", TF.INT32),
      ];
      return native.createOutputTensor(native.binding.executeOp(operation, attributes, ids, 1)[0]!);
    });
  }

  /** Key and counter, [2]. A compiled function that takes several tensors counts on from where the run began. */
  #next(): core.Tensor {
    const { draws } = currentTrace() ?? {};
    const before = draws?.get(this) ?? 0;
    const seed = fed([2], "int32", () => [this.key | 0, (this.counter + before) | 0]);
    draws?.set(this, before + 1);
    if (before === 0) {
      afterRun(() => {
        this.#counter += draws?.get(this) ?? 1;
      });
    }
    return seed;
  }
}

let common = new RandomStream(crypto.getRandomValues(new Int32Array(1))[0]!);

/** From here on the creators below, without a seed of their own, draw the same numbers again. */
export function seedCreators(seed: number): void {
  common = new RandomStream(seed);
}

/** The stream that the creators below draw from when they are given no seed. */
export function creatorsStream(): RandomStream {
  return common;
}

/** tfjs's `randomUniform`, drawn by TensorFlow: from [minval, maxval); whole numbers for "int32". */
export const randomUniform: typeof core.randomUniform = (shape, minval = 0, maxval = 1, dtype = "float32", seed) =>
  core.tidy(() => {
    const unit: core.Tensor = stream("randomUniform", seed).uniform(shape);
    if (dtype === "bool") return unit.mul(2).floor().cast("bool") as never;
    const values = unit.mul(maxval - minval).add(minval);
    return (dtype === "int32" ? values.floor().toInt() : values) as never;
  });

/** tfjs's `randomNormal`, drawn by TensorFlow. */
export const randomNormal: typeof core.randomNormal = (shape, mean = 0, stdDev = 1, dtype = "float32", seed) =>
  scaled(stream("randomNormal", seed).normal(shape), mean, stdDev, dtype) as never;

/** tfjs's `truncatedNormal`, drawn by TensorFlow. */
export const truncatedNormal: typeof core.truncatedNormal = (shape, mean = 0, stdDev = 1, dtype = "float32", seed) =>
  scaled(stream("truncatedNormal", seed).truncatedNormal(shape), mean, stdDev, dtype) as never;

/** tfjs's `dropout`, drawn by TensorFlow: a share `rate` of the values becomes 0, the others are multiplied by 1 / (1 − rate). */
export const dropout: typeof core.dropout = (x, rate, noiseShape, seed) =>
  core.tidy(() => {
    if (!(rate >= 0 && rate < 1)) {
      throw new ValueError({ what: "dropout: rate", expected: "a number from 0 to below 1", got: String(rate) });
    }
    const tensor = x instanceof core.Tensor ? x : core.tensor(x as core.TensorLike);
    if (rate === 0) return tensor.clone();
    const unit = stream("dropout", seed).uniform(noiseShape ?? tensor.shape);
    return tensor.mul(
      unit
        .greaterEqual(rate)
        .toFloat()
        .mul(1 / (1 - rate)),
    );
  });

function stream(what: string, seed: number | string | undefined): RandomStream {
  if (seed === undefined) return common;
  const key = Number(seed);
  if (!Number.isFinite(key)) throw new ValueError({ what: `${what}: seed`, expected: "a number", got: String(seed) });
  return new RandomStream(key);
}

function scaled(unit: core.Tensor, mean: number, deviation: number, dtype: string): core.Tensor {
  return core.tidy(() => {
    const values = unit.mul(deviation).add(mean);
    return dtype === "int32" ? values.round().toInt() : values;
  });
}
