/** The problem that test/fixtures/optim.py solves, too, and what came of it there. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Optimizer, Trainable } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fill } from "../../parity.js";
import { root } from "../../root.js";

/** What PyTorch 2.13, Keras 3.15 and optax computed. */
export interface Oracle {
  /** What each name of the language was compared with. */
  readonly items: Readonly<Record<string, string>>;
  /** The steps, counted from 0, after which the weights were written down. */
  readonly kept: readonly number[];
  /** All weights, one after another, after each of these steps. */
  readonly optimizers: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** All weights at the end, where only the first one learned for five steps. */
  readonly joinedLater: readonly number[];
  /** The averages of all weights after the last step. */
  readonly averages: Readonly<Record<string, readonly number[]>>;
  /** All gradients, one after another. */
  readonly clips: Readonly<Record<string, readonly number[]>>;
  /** Those of epochs, that a schedule heard. */
  readonly losses: readonly number[];
  /** The rates of 50 steps, or of 50 epochs. */
  readonly schedules: Readonly<Record<string, readonly number[]>>;
}

export const oracle = JSON.parse(readFileSync(join(root, "test/fixtures/optim.json"), "utf8")) as Oracle;

/** The steps that were made there. */
export const steps = 12;

const shapes: Readonly<Record<string, number[]>> = { w: [3, 4], b: [4], k: [2, 3, 2] };

/** A matrix, a vector and something with three axes. */
export function makeParameters(): Trainable[] {
  return Object.entries(shapes).map(([path, shape]) => ({ path, variable: tf.variable(fill(path, ...shape)) }));
}

/** One step of the problem: the gradients are noise and the weights themselves. */
export function step(optimizer: Optimizer, parameters: readonly Trainable[], number: number): void {
  optimizer.step(
    parameters,
    noise(number).map((noise, index) => noise.add(parameters[index]!.variable)),
  );
}

/** The noise of a step, for each parameter. */
export function noise(number: number): tf.Tensor[] {
  return Object.entries(shapes).map(([path, shape]) => fill(`gradient.${number}.${path}`, ...shape));
}

/** All weights, one after another. */
export function flat(parameters: readonly { readonly variable: tf.Tensor }[]): tf.Tensor {
  return tf.concat(parameters.map(({ variable }) => variable.flatten()));
}

/** Does the work with tfjs's own backend in the place of TensorFlow's: there nothing is changed in place. */
export async function inJavaScript(work: () => void): Promise<void> {
  tf.backend();
  createRequire(import.meta.url)("@tensorflow/tfjs-backend-cpu");
  // Its first use would advertise tfjs-node.
  Object.assign(tf.findBackend("cpu"), { firstUse: false });
  await tf.setBackend("cpu");
  try {
    work();
  } finally {
    await tf.setBackend("tensorflow");
  }
}
