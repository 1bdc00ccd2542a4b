/** The numbers that test/fixtures/parity.py and our tests compute alike, and what PyTorch made of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Model } from "../src/nn/module.js";
import { setWeights } from "../src/nn/weights.js";
import * as tf from "../src/runtime/tf.js";
import { sizeOf } from "../src/tensor/shape.js";
import { root } from "./root.js";

/** What PyTorch 2.13 computed. */
export interface Parity {
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly shape: readonly number[];
        readonly output: readonly number[];
        readonly gradients: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
  readonly batchNorms: Readonly<
    Record<
      string,
      {
        readonly inference: readonly number[];
        readonly training: readonly number[];
        readonly gradients: Readonly<Record<string, readonly number[]>>;
        /** After two batches, "x" and 3 × "x2" + 1. */
        readonly movingMean: readonly number[];
        readonly movingVariance: readonly number[];
      }
    >
  >;
  readonly attentionWeights: readonly number[];
  readonly models: Readonly<Record<string, readonly number[]>>;
}

export const parity = JSON.parse(readFileSync(join(root, "test/fixtures/parity.json"), "utf8")) as Parity;

/** Even between −1 and 1. */
export function fill(path: string, ...shape: number[]): tf.Tensor {
  const values = Float32Array.from(hashes(path, sizeOf(shape)), (hash) => hash / 2 ** 31 - 1);
  return tf.tensor(values, shape, "float32");
}

/** Token numbers below `vocab`. */
export function tokens(path: string, vocab: number, ...shape: number[]): tf.Tensor {
  return tf.tensor(
    Int32Array.from(hashes(path, sizeOf(shape)), (hash) => hash % vocab),
    shape,
    "int32",
  );
}

/** Gives a model the weights that PyTorch's twin had. */
export function fillWeights(model: Model): void {
  setWeights(model, new Map(model.parameters.map(({ path, variable }) => [path, weight(path, variable.shape)])));
}

/** Throws unless the tensor's values are within `tolerance` of `expected`, absolutely or as a share. */
export function assertClose(actual: tf.Tensor, expected: readonly number[], tolerance: number, what = ""): void {
  const values = actual.dataSync();
  assert.equal(values.length, expected.length, `${what}: number of values`);
  expected.forEach((value, index) => {
    const difference = Math.abs(values[index]! - value);
    assert.ok(
      difference <= tolerance * Math.max(1, Math.abs(value)),
      `${what}[${index}]: expected ${value}, got ${values[index]}`,
    );
  });
}

function weight(path: string, shape: number[]): tf.Tensor {
  const values = fill(path, ...shape);
  if (shape.length > 1) return values.mul(Math.sqrt(3 / sizeOf(shape.slice(0, -1))));
  return values.mul(0.1).add(/(weight|Variance)$/.test(path) ? 1 : 0);
}

function hashes(path: string, size: number): Uint32Array {
  let start = 2166136261;
  for (const letter of Buffer.from(path)) start = Math.imul(start ^ letter, 16777619) >>> 0;
  return Uint32Array.from({ length: size }, (_, index) => mix((start + Math.imul(index, 0x9e3779b9)) >>> 0));
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
