/** Models of sequences outside of their steps: exported, compiled by XLA, in WebAssembly, saved. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { tfjsNode } from "../../../src/runtime/tfjs-node.js";
import { exportSavedModel, load, save } from "../../../src/train/index.js";
import { assertClose, tokens } from "../../parity.js";
import { temporaryFolder } from "../folder.js";
import { runAlone, scratch, urlOf } from "../runtime/alone.js";

/** All of the layers in three models. */
const models: Record<string, () => nn.Model> = {
  sentences: () =>
    nn.sequential(
      nn.input(6),
      nn.embedding(9, 8, { maskZero: true }),
      nn.positions({ kind: "sinusoidal" }),
      nn.bidirectional(nn.gru(4, { returnSequences: true, layers: 2 })),
      nn.transformerBlock(4, { keyHeads: 2, rotary: true, normalization: "rms", activation: "swiglu", window: 3 }),
      nn.attention(2, { causal: false, alibi: true, mask: (query, key) => query !== key + 1 }),
      nn.bidirectional(nn.lstm(4), { merge: "mean" }),
    ),
  transformer: () =>
    nn.transformer({ sourceVocab: 9, targetVocab: 9, source: 4, target: 2, width: 8, heads: 2, layers: 1 }),
  bert: () => nn.bert({ vocab: 9, context: 6, width: 8, heads: 2, layers: 1 }),
};

for (const [name, make] of Object.entries(models)) {
  test(`${name}: the model can be exported, and takes any number of texts then`, async () => {
    const model = make();
    const path = join(temporaryFolder(), name);
    await exportSavedModel(model, path);
    const loaded = await tfjsNode().loadSavedModel(path);
    for (const size of [1, 5]) {
      const x = tokens("x", 9, size, 6);
      const y = (loaded.predict({ x }) as unknown as Record<string, tf.Tensor>).y!;
      assertClose(y, Array.from(model.predict(x).dataSync()), 1e-5, `${size} texts`);
    }
    loaded.dispose();
  });

  test(`${name}: weights that were saved come back into a model of other first weights`, async () => {
    const [model, other] = [make(), make()];
    const path = join(temporaryFolder(), `${name}.safetensors`);
    await save(model, path);
    await load(other, path);
    const x = tokens("x", 9, 2, 6);
    assert.deepEqual(other.predict(x).dataSync(), model.predict(x).dataSync());
  });
}

test("XLA compiles them with their gradients", (context) => {
  context.mock.method(console, "warn", () => {});
  const model = models.sentences!();
  const variables = model.parameters.map(({ variable }) => variable);
  const derive = (x: tf.Tensor) => {
    const { grads } = tf.variableGrads(() => model.forward(x).square().sum(), variables);
    return variables.map(({ name }) => grads[name]!);
  };
  const x = tokens("x", 9, 3, 6);
  const expected = derive(x);
  compile(derive, { jit: "xla" })(x).forEach((gradient, index) => {
    assertClose(gradient, Array.from(expected[index]!.dataSync()), 1e-4, model.parameters[index]!.path);
  });
});

test("without TensorFlow, in WebAssembly, they compute the same", () => {
  const code = `
    const nn = await import(${urlOf("nn/index.js")});
    nn.seed(2);
    const model = nn.sequential(
      nn.input(4), nn.embedding(7, 4, { maskZero: true }), nn.bidirectional(nn.gru(2, { returnSequences: true })),
      nn.transformerBlock(2, { keyHeads: 1, rotary: true, alibi: true }), nn.lstm(3));
    const weights = model.parameters.map(({ variable }) => variable);
    const x = tf.tensor([[3, 1, 0, 0], [0, 5, 6, 2]], [2, 4], "int32");
    const { value, grads } = tf.variableGrads(() => model.forward(x).square().sum(), weights);
    console.log(JSON.stringify([...value.dataSync(), ...weights.flatMap(({ name }) => [...grads[name].dataSync()])]));`;
  const [there, elsewhere] = [runAlone(code), runAlone(code, { NABLA_LIBTENSORFLOW: join(scratch, "nowhere") })];
  assert.deepEqual([there.status, elsewhere.status], [0, 0], elsewhere.stderr);
  assertClose(tf.tensor(JSON.parse(elsewhere.stdout) as number[]), JSON.parse(there.stdout) as number[], 1e-4);
});
