import type { Model } from "../nn/module.js";
import { setWeights, weights } from "../nn/weights.js";
import type { Optimizer } from "../optim/optimizer.js";
import { creatorsStream } from "../runtime/index.js";
import * as tf from "../runtime/tf.js";

/**
 * Keeps all that training a model changes: its weights, what the optimizer remembers of them, and where random numbers are. What it
 * returns puts all of it back, to the bit, and may be called once.
 */
export function keepAll(model: Model, optimizer: Optimizer): () => void {
  const parameters = model.parameters.filter(({ trainable }) => trainable);
  optimizer.prepare(parameters);
  const kept = weights(model);
  const memory = new Map([...optimizer.state(parameters)].map(([name, value]) => [name, tf.tidy(() => value.clone())]));
  const steps = parameters.map((parameter) => optimizer.steps([parameter]));
  const rate = optimizer.learningRate;
  const streams = [creatorsStream(), ...(model.streams ?? []).map(({ stream }) => stream)];
  const places = streams.map(({ key, counter }) => ({ key, counter }));
  return () => {
    setWeights(model, kept);
    optimizer.learningRate = rate;
    optimizer.restore(parameters, memory, steps);
    streams.forEach((stream, index) => {
      stream.restore(places[index]!);
    });
    tf.dispose([...kept.values(), ...memory.values()]);
  };
}
