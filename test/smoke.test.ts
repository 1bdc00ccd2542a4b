import assert from "node:assert/strict";
import { test } from "node:test";
import { type Displayable, displaySymbol } from "../src/door.js";
import { data, nn, optim, runtimeInfo, tf, train } from "../src/index.js";

test("a network learns exclusive or on TensorFlow's native kernels, and displays itself", async () => {
  const { backend, tensorflowVersion } = runtimeInfo();
  assert.equal(backend, "tensorflow", "npx nabla setup fetches TensorFlow");
  assert.match(tensorflowVersion ?? "", /^2\./);

  const corners = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const xor = data.fromArrays(corners, [0, 1, 1, 0], { classes: 2 });
  const net = nn.sequential(nn.input(2), nn.dense(8), nn.tanh(), nn.dense(2));
  await train.fit(net, xor, { loss: "crossEntropy", optimizer: optim.adam(0.05), epochs: 150, batchSize: 4 });
  assert.deepEqual(Array.from(net.predict(tf.tensor(corners)).argMax(-1).dataSync()), [0, 1, 1, 0]);

  const { data: bundle } = (await (net as unknown as Displayable)[displaySymbol]()) as { data: Record<string, string> };
  assert.match(bundle["text/plain"] ?? "", /dense\(8\)/);
});
