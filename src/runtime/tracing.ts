/** The trace that is under way in this process, and what functions may tell it. */
import type { Tensor } from "@tensorflow/tfjs-core";
import * as core from "@tensorflow/tfjs-core";
import type { Metadata, Values } from "./tensors.js";
import type { Trace } from "./trace.js";

let current: Trace | undefined;

/** The trace under way; undefined when operations are run. */
export function currentTrace(): Trace | undefined {
  return current;
}

/** Whether what is computed now becomes part of a function that TensorFlow's own executor runs, several operations at once. */
export function isTracing(): boolean {
  return currentTrace() !== undefined && !tracesForXla();
}

/** Whether XLA will compile what is traced: it lacks some of TensorFlow's operations. */
export function tracesForXla(): boolean {
  return current?.xla === true;
}

/** Traces what `work` does; undefined: runs it. The trace that was under way goes on after it. */
export function during<T>(trace: Trace | undefined, work: () => T): T {
  const before = current;
  current = trace;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Told of every operation that was run, with a way to read what it made. */
export type Observe = (
  operation: string,
  results: readonly Metadata[],
  read: (id: number) => ArrayLike<unknown>,
) => void;

let observer: Observe | undefined;

/** Who is told of every operation; undefined nearly always. */
export function currentObserver(): Observe | undefined {
  return observer;
}

/** Tells `observe` of every operation that `work` runs. */
export function observing(observe: Observe, work: () => void): void {
  observer = observe;
  try {
    work();
  } finally {
    observer = undefined;
  }
}

/** After a tear, which runs no `finally`: nothing is traced any more. */
export function forgetTrace(): void {
  current = undefined;
  observer = undefined;
}

/** How a backend makes the number of a tensor; set by the native one. */
let upload: ((tensor: Tensor) => number) | undefined;

/** Tells how a tensor's values are brought to TensorFlow, now, and under which number. */
export function setUpload(how: (tensor: Tensor) => number): void {
  upload = how;
}

/**
 * A tensor whose values are asked for anew in every run of a compiled function: a learning rate, the counter of a stream of
 * random numbers. Its shape stays; `produce` changes nothing.
 */
export function fed<D extends "float32" | "int32">(
  shape: readonly number[],
  dtype: D,
  produce: () => ArrayLike<number>,
): Tensor {
  const kind = dtype === "int32" ? Int32Array : Float32Array;
  const values = () => kind.from(produce()) as Values;
  const tensor = core.tensor(values() as Float32Array, [...shape], dtype);
  if (current !== undefined && upload !== undefined) current.fed(upload(tensor), values);
  return tensor;
}

/**
 * Does something after every run of the compiled function that it stands in, under the condition that stands around it; at once
 * where nothing is compiled. In the values that {@link fed} gives it shows in the next run.
 */
export function afterRun(effect: () => void): void {
  if (current === undefined) effect();
  else current.effects.push({ run: effect, guard: current.guard });
}

/** Tells that what is traced is mostly `count` chains of operations, as long as each other, which do not wait for each other. */
export function apart(count: number): void {
  if (current !== undefined) current.chains = Math.max(current.chains, count);
}

/** Runs `body` only if `condition`, a bool scalar, is true; in a compiled function this is found out anew in every run. */
export function when(condition: Tensor, body: () => void): void {
  const trace = current;
  if (trace === undefined) {
    if (condition.dataSync()[0] === 1) body();
    return;
  }
  const around = trace.guard;
  if (around !== undefined) throw trace.stop("it has a condition within a condition");
  trace.guard = upload!(condition);
  try {
    body();
  } finally {
    trace.guard = undefined;
  }
}
