/** Exports some models into a folder, and says what they make of some inputs: for test/fixtures/exported-saved-model.py. */
import { join } from "node:path";
import * as nn from "../../../src/nn/index.js";
import { exportSavedModel } from "../../../src/train/index.js";
import { fill, fillWeights, tokens } from "../../parity.js";

const [folder] = process.argv.slice(2) as [string];

const cases = {
  cnn: {
    net: nn.sequential(
      nn.input(8, 8, 3),
      nn.conv2d(4, 3, { padding: "same" }),
      nn.batchNorm(),
      nn.relu(),
      nn.maxPool2d(2),
      nn.flatten(),
      nn.dense(3),
    ) as nn.Model,
    x: fill("exported/cnn", 5, 8, 8, 3),
  },
  recurrent: {
    net: nn.sequential(nn.input(5, 3), nn.lstm(4, { returnSequences: true }), nn.gru(4), nn.dense(2)) as nn.Model,
    x: fill("exported/recurrent", 6, 5, 3),
  },
  gpt: {
    net: nn.gpt({ vocab: 7, context: 6, width: 8, heads: 2, layers: 2 }) as nn.Model,
    x: tokens("exported/gpt", 7, 3, 6),
  },
};

const told: Record<string, unknown> = {};
for (const [name, { net, x }] of Object.entries(cases)) {
  fillWeights(net);
  await exportSavedModel(net, join(folder, name));
  const y = net.predict(x);
  told[name] = {
    x: Array.from(x.dataSync()),
    xShape: x.shape,
    dtype: x.dtype,
    y: Array.from(y.dataSync()),
    yShape: y.shape,
  };
}
console.log(JSON.stringify(told));
