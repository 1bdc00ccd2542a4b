/** How tokens are drawn, against Hugging Face's transformers: test/fixtures/generation.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chances, type SamplingOptions, sample } from "../../../src/nn/generation/sampling.js";
import { Random } from "../../../src/tensor/random.js";
import { fill } from "../../parity.js";
import { root } from "../../root.js";

const { sampling, seen, vocab } = JSON.parse(readFileSync(join(root, "test/fixtures/generation.json"), "utf8")) as {
  readonly vocab: number;
  readonly seen: readonly number[];
  readonly sampling: readonly { readonly options: SamplingOptions; readonly probabilities: readonly number[] }[];
};
const logits = fill("logits", 1, vocab).mul(3).dataSync();

for (const { options, probabilities } of sampling) {
  test(`tokens have the probabilities that transformers gives them: ${JSON.stringify(options)}`, () => {
    const ours = new Array<number>(vocab).fill(0);
    for (const { token, share } of chances(logits, seen, options)) ours[token] = share;
    ours.forEach((share, token) => {
      assert.ok(Math.abs(share - probabilities[token]!) < 1e-6, `${token}: ${share}, not ${probabilities[token]}`);
    });
  });
}

test("a single token is drawn without a random number, so that other settings do not shift the next", () => {
  const random = new Random(1);
  const { state } = random;
  assert.equal(sample(logits, [], { temperature: 0 }, random), sample(logits, [], { topK: 1 }, random));
  assert.deepEqual(random.state, state);
});
