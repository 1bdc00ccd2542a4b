/** Batches that are computed as two halves at once: nothing but the time may tell. */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { loss } from "../../../src/nn/losses/names.js";
import type { Model } from "../../../src/nn/module.js";
import { sgd } from "../../../src/optim/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit } from "../../../src/train/index.js";
import { halved } from "../../../src/train/step/halves.js";
import { fill } from "../../parity.js";

const crossEntropy = loss("crossEntropy");
const several = { skip: availableParallelism() < 2 ? "one core" : false };

const size = 48;
const images = fromArrays(
  Array.from({ length: size }, (_, index) => fill(`image ${index}`, 8, 8, 1).arraySync()) as number[][][][],
  Array.from({ length: size }, (_, index) => index % 3),
  { classes: 3 },
);

/** Whether a step of the model is made in halves. */
function inHalves(model: Model, ofBatch = size, by = crossEntropy): boolean {
  let found = false;
  compile((x: tf.Tensor) => {
    found ||= halved(model, by, ofBatch);
    return x.add(1);
  })(tf.zeros([1]));
  return found;
}

function convolutional(...more: nn.Layer[]): Model {
  nn.seed(3);
  const layers = [nn.conv2d(4, 3), nn.relu(), ...more, nn.flatten(), nn.dense(3)];
  return nn.sequential(nn.input(8, 8, 1), ...(layers as nn.Layer[])) as Model;
}

/** Loss and norm of the gradients of the first step, and the weights after it, of a run and by hand. */
async function compare(model: Model): Promise<void> {
  const { x, y } = images.batch(Array.from({ length: size }, (_, index) => index));
  const variables = model.parameters.filter(({ trainable }) => trainable).map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(
    () => crossEntropy(model.forward(x, { training: true, remember: () => {} }), y) as tf.Scalar,
    variables,
  );
  const norm = Math.hypot(...Object.values(grads).flatMap((gradient) => Array.from(gradient.dataSync())));
  const run = await fit(model, images as never, { loss: "crossEntropy", optimizer: sgd(0.1), batchSize: size });
  const { loss: told, gradientNorm, metrics } = run.history.steps.at(0)!;
  assert.ok(Math.abs(told - value.dataSync()[0]!) < 1e-6, `loss ${told}`);
  assert.ok(Math.abs(gradientNorm - norm) < 1e-5 * norm, `norm ${gradientNorm} ${norm}`);
  assert.ok(metrics.accuracy! >= 0 && metrics.accuracy! <= 1);
}

test("a step that computes much is made in halves, and comes to the same", several, async () => {
  const model = convolutional();
  assert.equal(inHalves(model), true);
  await compare(model);
  assert.equal(inHalves(model), true);
});

test("small steps, small batches and losses over pairs of examples stay whole", several, () => {
  nn.seed(3);
  assert.equal(inHalves(nn.sequential(nn.input(4), nn.dense(3))), false);
  assert.equal(inHalves(convolutional(), 8), false);
  assert.equal(inHalves(convolutional(), size, nn.losses.infoNce() as never), false);
  assert.equal(
    inHalves(convolutional(), size, (prediction) => prediction.mean()),
    false,
  );
});

test("layers that look at a batch as a whole, or cut it themselves, keep it whole", several, async () => {
  const centred = nn.lambda((x) => x.sub(x.mean(0, true)), { output: "same" });
  for (const layer of [nn.batchNorm(), centred]) {
    const model = convolutional(layer as nn.Layer);
    await compare(model);
    assert.equal(inHalves(model), false, "told at the first step");
  }
});
