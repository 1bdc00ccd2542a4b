import assert from "node:assert/strict";
import { test } from "node:test";
import { text } from "../../../src/data/index.js";
import { DataError, ValueError } from "../../../src/errors.js";
import { attention } from "../../../src/explain/index.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";

const whale = text("Call me Ishmael.");
const gpt = nn.gpt({ vocab: whale.vocab, context: 12, width: 8, heads: 2, layers: 3, seed: 5 });

test("every row of every head sums to 1 and looks at no later token", () => {
  const { tokens, layers, heads, weights } = attention(gpt, whale, "Call me");
  assert.deepEqual([tokens, layers, heads, weights.length], [[..."Call me"], 3, 2, 3 * 2 * 7 * 7]);
  for (let row = 0; row < layers * heads * 7; row++) {
    const keys = weights.subarray(row * 7, (row + 1) * 7);
    assert.ok(Math.abs(keys.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-5);
    const query = row % 7;
    assert.ok(keys.every((weight, key) => (key <= query ? weight > 0 : weight < 1e-8)));
  }
});

test("the weights are those of the forward pass, layer by layer", () => {
  const { weights } = attention(gpt, whale, "Ishmael");
  const captured = new Map<string, number[]>();
  gpt.forward(tf.tensor2d(whale.encode("Ishmael"), [1, 7], "int32"), {
    training: false,
    capture: (path, value) => void captured.set(path, Array.from(value.dataSync())),
  });
  const layers = [0, 1, 2].flatMap((layer) => captured.get(`blocks.${layer}.attention`)!);
  assert.deepEqual(Array.from(weights), layers);
});

test("looking leaves no tensor behind", () => {
  attention(gpt, whale, "Call me");
  const before = tf.memory().numTensors;
  attention(gpt, whale, "Call me");
  attention(gpt, whale, "Ishmael.");
  assert.throws(() => attention(gpt, whale, "Ahab"));
  assert.equal(tf.memory().numTensors, before);
});

test("texts and models that do not fit are refused by name", () => {
  const cases: readonly (readonly [() => unknown, new (...args: never[]) => Error, RegExp])[] = [
    [
      () => attention(gpt, whale, "Call me Ishmael."),
      DataError,
      /attention: expected a text of 1 to 12 tokens, .* got 16/,
    ],
    [() => attention(gpt, whale, ""), DataError, /got 0/],
    [() => attention(gpt, whale, "Call Ahab"), DataError, /encode: .* got "A" as character 5/],
    [() => attention(gpt, text("abc"), "abc"), ValueError, /learned its \d+ tokens from, got a vocabulary of 3/],
    [
      () => attention(nn.sequential(nn.input(2), nn.dense(3)), whale, "Call"),
      ValueError,
      /attention: expected a model that takes tokens, got sequential with float32 input \[2\]/,
    ],
    [
      () => attention(nn.sequential(nn.input(4), nn.embedding(whale.vocab, 8), nn.dense(whale.vocab)), whale, "Call"),
      ValueError,
      /expected a model with self-attention, got sequential, which captures none/,
    ],
  ];
  for (const [look, kind, message] of cases) {
    assert.throws(look, (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});
