import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit, history } from "../../../src/train/index.js";

test("the event loop goes on during long steps", async () => {
  const x = tf.randomNormal([512, 1024], 0, 1, "float32", 1);
  const points = fromArrays(
    x,
    Int32Array.from({ length: 512 }, (_, index) => index % 10),
    { classes: 10 },
  );
  const net = nn.sequential(nn.input(1024), nn.dense(2048), nn.relu(), nn.dense(2048), nn.relu(), nn.dense(10));
  let turns = 0;
  const timer = setInterval(() => turns++, 2);
  await fit(net, points, { loss: "crossEntropy", optimizer: "sgd", batchSize: 512, epochs: 8 });
  clearInterval(timer);
  const steps = history(net).steps.length;
  assert.equal(steps, 8);
  // Between two steps there is one turn at most.
  assert.ok(turns > 3 * steps, `${turns} turns in ${steps} steps`);
});
