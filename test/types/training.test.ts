/** docs/training.md as a notebook would check it, and what the types of training say. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../root.js";
import { compile } from "./compile.js";

const page = readFileSync(join(root, "docs/training.md"), "utf8");
const [first, ...examples] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text!);
const head = first!.replace('"nabla"', '"../../src/index.js"');

const bad: readonly (readonly [string, RegExp])[] = [
  ["train.fit(net, digits.train, { earlyStopping: { patince: 3 } });", /'patience'/],
  ['train.search({ space: { rate: train.search.uniform(0, 1) }, strategy: "gird" }, () => 1);', /"grid"/],
  ["nn.sequential(nn.input(4), nn.heads({ a: nn.conv2d(2, 3) }));", /conv2d: expected input/],
  ['nn.heads({ a: nn.dense(1) }).loss({ b: "hinge" });', /'b' does not exist/],
  [
    "train.kFold(() => net, data.fromArrays([1, 2], [1, 2]), { folds: 2 });",
    /expected examples of shape|not assignable/,
  ],
  ["train.findLearningRate(net, digits.train, { epochs: 3 });", /'epochs' does not exist/],
];

const results = compile([...examples, ...bad.map(([text]) => text)], head);

test("all examples of docs/training.md compile", () => {
  assert.ok(examples.length >= 6);
  examples.forEach((text, index) => {
    assert.deepEqual(results[index]!.errors, [], text);
    assert.deepEqual(results[index]!.any, [], text);
  });
});

test("mistakes in options of training are errors before a cell runs", () => {
  bad.forEach(([text, words], index) => {
    const { errors } = results[examples.length + index]!;
    assert.ok(
      errors.length > 0 && errors.some(({ message }) => words.test(message)),
      `${text}: ${JSON.stringify(errors)}`,
    );
  });
});
