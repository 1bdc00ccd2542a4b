/** Recurrent layers, attention and transformers against PyTorch 2.13; test/fixtures/sequences.py made the numbers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill, fillWeights } from "../../parity.js";
import { root } from "../../root.js";
import { hostReads } from "../runtime/differences.js";

/** Of a gradient with more than 40 values, its products with eight vectors, as the script made them. */
function sketch(path: string, gradient: tf.Tensor): tf.Tensor {
  const { size } = gradient;
  if (size <= 40) return gradient;
  return fill(`${path}: sketch`, 8, size)
    .div(Math.sqrt(size))
    .matMul(gradient.reshape([size, 1]))
    .flatten();
}

interface Case {
  /** Where it is not the hash of "x". */
  readonly x?: readonly number[];
  readonly shape: readonly number[];
  readonly output: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const { items, layers } = JSON.parse(readFileSync(join(root, "test/fixtures/sequences.json"), "utf8")) as {
  readonly items: Readonly<Record<string, string>>;
  readonly layers: Readonly<Record<string, Case>>;
};

const all = { returnSequences: true } as const;
const sequence = nn.input(5, 3);
const wide = nn.input(5, 8);
const text = nn.input(5);
const padded = (width: number) => nn.embedding(7, width, { maskZero: true });
const lessWide = { expansion: 2 } as const;
const odd = (query: number, key: number) => (query + key) % 3 !== 1 || query === key;

function pair(memory: 6 | 8, layer: nn.Layer): nn.Model {
  return nn.encoderDecoder({
    source: 4,
    target: 3,
    encoder: [nn.embedding(7, memory, { maskZero: true })],
    decoder: [nn.embedding(5, 8), layer],
  });
}

const translator = { sourceVocab: 7, targetVocab: 5, source: 4, target: 3, width: 8, heads: 2, layers: 2, ...lessWide };

const models: Record<string, nn.Model> = {
  "bidirectional rnn": nn.sequential(sequence, nn.bidirectional(nn.rnn(4, all))),
  "bidirectional lstm": nn.sequential(sequence, nn.bidirectional(nn.lstm(4, all))),
  "bidirectional gru": nn.sequential(sequence, nn.bidirectional(nn.gru(4, all))),
  "bidirectional lstm, last states": nn.sequential(sequence, nn.bidirectional(nn.lstm(4))),
  "bidirectional gru, sum": nn.sequential(sequence, nn.bidirectional(nn.gru(4, all), { merge: "sum" })),
  "bidirectional gru, mean": nn.sequential(sequence, nn.bidirectional(nn.gru(4, all), { merge: "mean" })),
  "bidirectional gru, product of last states": nn.sequential(
    sequence,
    nn.bidirectional(nn.gru(4), { merge: "multiply" }),
  ),
  "bidirectional rnn of two layers": nn.sequential(sequence, nn.bidirectional(nn.rnn(4, { ...all, layers: 2 }))),
  "bidirectional lstm of two layers, last states": nn.sequential(sequence, nn.bidirectional(nn.lstm(4, { layers: 2 }))),
  "lstm of two layers": nn.sequential(sequence, nn.lstm(4, { ...all, layers: 2 })),
  "gru of three layers, last state": nn.sequential(sequence, nn.gru(4, { layers: 3 })),
  "rnn with padding": nn.sequential(text, padded(3), nn.rnn(4, all)),
  "lstm with padding": nn.sequential(text, padded(3), nn.lstm(4, all)),
  "lstm with padding, last state": nn.sequential(text, padded(3), nn.lstm(4)),
  "gru with padding, last state": nn.sequential(text, padded(3), nn.gru(4)),
  "bidirectional gru with padding": nn.sequential(text, padded(3), nn.bidirectional(nn.gru(4, all))),
  "bidirectional lstm of two layers with padding": nn.sequential(
    text,
    padded(3),
    nn.bidirectional(nn.lstm(4, { layers: 2 })),
  ),
  masking: nn.sequential(sequence, nn.masking(), nn.gru(4, all)),
  "attention with grouped keys": nn.sequential(wide, nn.attention(4, { keyHeads: 2 })),
  "attention with one key head": nn.sequential(wide, nn.attention(4, { keyHeads: 1, causal: false })),
  "attention with padding": nn.sequential(text, padded(8), nn.attention(2, { causal: false })),
  "attention with padding, causal": nn.sequential(text, padded(8), nn.attention(2)),
  "attention with a mask": nn.sequential(wide, nn.attention(2, { causal: false, mask: odd })),
  "attention with a window": nn.sequential(wide, nn.attention(2, { window: 2 })),
  "attention with a window both ways": nn.sequential(wide, nn.attention(2, { window: 3, causal: false })),
  "attention, rotary": nn.sequential(wide, nn.attention(2, { rotary: true })),
  "attention, rotary with a base": nn.sequential(
    wide,
    nn.attention(2, { rotary: { base: 50 }, keyHeads: 1, causal: false }),
  ),
  "attention, alibi": nn.sequential(wide, nn.attention(4, { alibi: true })),
  "attention, alibi both ways, three heads": nn.sequential(
    nn.input(5, 6),
    nn.attention(3, { alibi: true, causal: false }),
  ),
  "positions, sinusoidal": nn.sequential(nn.input(5, 6), nn.positions({ kind: "sinusoidal" })),
  encoderBlock: nn.sequential(wide, nn.encoderBlock(2, lessWide)),
  "encoderBlock, pre": nn.sequential(wide, nn.encoderBlock(2, { ...lessWide, norm: "pre", activation: "gelu" })),
  "encoderBlock with padding": nn.sequential(text, padded(8), nn.encoderBlock(2, lessWide)),
  "transformerBlock, post": nn.sequential(wide, nn.transformerBlock(2, { ...lessWide, norm: "post" })),
  "transformerBlock as LLaMA's": nn.sequential(
    wide,
    nn.transformerBlock(2, { ...lessWide, rotary: true, keyHeads: 1, normalization: "rms", activation: "swiglu" }),
  ),
  crossAttention: pair(8, nn.crossAttention(2)),
  "crossAttention to a narrower memory": pair(6, nn.crossAttention(2)),
  encoderDecoder: pair(8, nn.decoderBlock(2, lessWide)),
  decoderBlock: pair(8, nn.decoderBlock(2, lessWide)),
  "decoderBlock, pre": pair(8, nn.decoderBlock(2, { ...lessWide, norm: "pre", activation: "gelu" })),
  transformer: nn.transformer(translator),
  "transformer, pre": nn.transformer({ ...translator, norm: "pre" }),
  bert: nn.bert({ vocab: 7, context: 5, width: 8, heads: 2, layers: 2, expansion: 2 }),
};

test("every case of PyTorch's is tested here, and every name that it answers for is among them", () => {
  assert.deepEqual(Object.keys(models).sort(), Object.keys(layers).sort());
  const named = new Set(Object.keys(models).map((name) => name.split(/[ ,]/)[0]!));
  assert.deepEqual([...named].sort(), Object.keys(items).sort());
});

for (const [name, model] of Object.entries(models)) {
  const expected = layers[name]!;
  const batch = expected.shape[0]!;
  const shape = [batch, ...model.inputShape];
  const { inputDtype } = model;
  const input = () =>
    expected.x === undefined ? fill("x", ...shape) : tf.tensor([...expected.x], shape, inputDtype as "float32");
  /** What is asked of it: the output's product with "probe", and the gradients of weights and input. */
  const differentiate = (x: tf.Tensor): tf.Tensor[] => {
    const variables = model.parameters.map(({ variable }) => variable);
    const probe = fill("probe", ...expected.shape);
    const weigh = (x: tf.Tensor) => model.forward(x, { training: true }).mul(probe).sum() as tf.Scalar;
    const { grads } = variables.length > 0 ? tf.variableGrads(() => weigh(x), variables) : { grads: {} };
    const ofInput = inputDtype === "float32" ? [tf.grad(weigh)(x)] : [];
    return [...variables.map(({ name }) => (grads as tf.NamedTensorMap)[name]!), ...ofInput];
  };
  const paths = [...model.parameters.map(({ path }) => path), ...(inputDtype === "float32" ? ["x"] : [])];

  test(`${name} computes what PyTorch computes, and its gradients`, () => {
    fillWeights(model);
    const output = model.predict(input());
    assert.deepEqual(output.shape, expected.shape);
    assert.deepEqual(output.shape.slice(1), model.outputShape, "the shape promised by the model");
    assertClose(output, expected.output, 1e-5, "output");
    assert.deepEqual([...paths].sort(), Object.keys(expected.gradients).sort());
    differentiate(input()).forEach((gradient, index) => {
      assertClose(
        sketch(paths[index]!, gradient),
        expected.gradients[paths[index]!]!,
        1e-4,
        `gradient of ${paths[index]}`,
      );
    });
  });

  test(`${name} reads nothing on the host, leaves nothing behind, and compiles with its gradients`, () => {
    fillWeights(model);
    const x = input();
    const step = () => tf.tidy(() => void differentiate(x));
    step();
    const before = tf.memory().numTensors;
    assert.equal(hostReads(step), 0);
    assert.equal(tf.memory().numTensors, before);
    const quick = compile((x: tf.Tensor) => [model.forward(x), ...differentiate(x)]);
    for (let call = 0; call < 2; call++) {
      const [output, ...gradients] = quick(x);
      assertClose(output!, expected.output, 1e-5, "output");
      gradients.forEach((gradient, index) => {
        assertClose(
          sketch(paths[index]!, gradient),
          expected.gradients[paths[index]!]!,
          1e-4,
          `gradient of ${paths[index]}`,
        );
      });
    }
  });
}
