/** What compiles of runs that go on, and what does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.js";

const head = `import * as data from "../../src/data/index.js";
import * as train from "../../src/train/index.js";
declare const net: nn.Model<[2], [3]>;
declare const points: data.ArrayDataset<readonly [2]>;
declare const images: data.ArrayDataset<readonly [28, 28, 1]>;
const options = { loss: "crossEntropy", optimizer: "adam", from: "runs" } as const;
`;

test("a run goes on in the same process, or from a folder with data that fit", () => {
  const good = `${head}const here = train.resume(net);
    const there = train.resume(net, points, options);
    const run = train.fit(net, points, { loss: "crossEntropy", optimizer: "adam", checkpoint: { directory: "runs", every: "epoch" } });
    const loaded = train.load(net, "net.safetensors", { names: (theirs) => theirs, strict: false });`;
  const [{ errors, types }] = compile([good]) as [ReturnType<typeof compile>[number]];
  assert.deepEqual(errors, []);
  assert.equal(types.there, "Promise<Run<Model<[2], [3]>>>");
});

test("other data, options without data, and words that are none are errors before anything runs", () => {
  const bad = [
    "train.resume(net, images, options);",
    'train.resume(net, { from: "runs" });',
    'train.resume(net, points, { ...options, checkpoint: { directory: "runs", every: "step" } });',
    'train.load(net, "net.safetensors", { layout: "torch" });',
    "train.save(net);",
  ];
  compile(bad.map((line) => `${head}${line}`)).forEach(({ errors }, index) => {
    assert.ok(errors.length > 0, bad[index]);
  });
});
