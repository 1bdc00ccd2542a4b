/**
 * A training run that survives being killed: goes on from the newest checkpoint, or begins. Says `step N` for each step, writes the
 * final weights and what else must be the same. `node killed-run.js DIRECTORY OUTPUT`
 */
import { writeFileSync } from "node:fs";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { checkpoints, type FitOptions, fit, type Observer, resume, save } from "../../../src/train/index.js";
import { numbers, points } from "./small.js";

const [directory, output] = process.argv.slice(2) as [string, string];

nn.seed(11);
const net = nn.sequential(
  nn.input(2),
  nn.dense(24),
  nn.batchNorm(),
  nn.relu(),
  nn.dropout(0.2),
  nn.dense(16),
  nn.tanh(),
  nn.dropout(0.4),
  nn.dense(3),
);

/** Cross-entropy of scores with some noise of the process's own random stream. */
function noisy(scores: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const seen = scores.add(tf.randomNormal(scores.shape, 0, 0.1));
  return seen
    .logSoftmax()
    .mul(tf.oneHot(labels.toInt() as tf.Tensor1D, 3))
    .sum(-1)
    .mean()
    .neg();
}

const observer: Observer = { onStep: ({ step }) => void process.stdout.write(`step ${step}\n`) };

const options: FitOptions = {
  loss: noisy,
  optimizer: adam(0.01),
  metrics: ["accuracy"],
  epochs: 40,
  batchSize: 8,
  seed: 5,
  validate: points(9, 2),
  observers: [observer],
  checkpoint: { directory, every: 3, keep: 2 },
};

const data = points(67);
const found = await checkpoints(directory);
const run = found.length > 0 ? await resume(net, data, { ...options, from: directory }) : await fit(net, data, options);

const { steps, epochs } = run.history;
const same = {
  loss: Array.from(steps.loss),
  gradientNorm: Array.from(steps.gradientNorm),
  accuracy: Array.from(steps.metrics.accuracy!),
  epochs: epochs.map(({ elapsed, ...record }) => record),
  drawn: [...tf.randomUniform([3]).dataSync(), ...numbers(nn.sequential(nn.input(2), nn.dense(2)))],
};
writeFileSync(`${output}.json`, JSON.stringify(same));
await save(net, `${output}.safetensors`);
// Not through exit handlers: what is not written yet would be written there.
process.kill(process.pid, "SIGKILL");
