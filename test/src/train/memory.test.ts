import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryError } from "../../../src/errors.js";
import type { Model } from "../../../src/nn/index.js";
import { fit } from "../../../src/train/index.js";
import { checkMemory, trainingBytes } from "../../../src/train/memory.js";
import { network, options, points, watched } from "./small.js";

test("a model bigger than memory is refused before the first step, with a batch size that may fit", async () => {
  const net = network();
  const layer = { path: "layers.9", label: "vast()", outputShape: [1 << 20, 1 << 10], parameters: 0, flops: 0 };
  const vast: Model = {
    ...(net as Model),
    name: "vast",
    inputShape: net.inputShape,
    outputShape: net.outputShape,
    parameters: net.parameters,
    summary: [layer],
    forward: (x, context) => net.forward(x, context),
    predict: (x) => net.predict(x),
  };
  let drawn = 0;
  const data = watched(points(2000), () => void drawn++);
  await assert.rejects(fit(vast, data, { ...options(), batchSize: 2000 }), (error) => {
    assert.ok(error instanceof MemoryError, String(error));
    assert.match(error.message, /fit: expected a step within the .* that are free, got about .* for a batch of 2000/);
    return true;
  });
  assert.equal(drawn, 0);
  const { weights, activations } = trainingBytes(vast, 10);
  assert.equal(activations, 2 * 2 ** 30 * 10 * 4);
  checkMemory(vast, 10, weights + activations);
  assert.throws(() => checkMemory(vast, 10, weights + activations * 0.75), /A batchSize of 7 may fit/);
  assert.throws(() => checkMemory(vast, 10, weights), /Take a smaller model/);
});
