import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit } from "../../../src/train/index.js";
import { assertRefused } from "../../layer-parity.js";
import { assertClose, fill, fillWeights } from "../../parity.js";

function makeTwice(): nn.Model<[4], [4]> {
  const same = nn.shared(nn.dense(4));
  return nn.sequential(nn.input(4), same, nn.tanh(), same);
}

test("a shared layer has one set of weights, under its first place, and the summary counts them once", () => {
  const model = makeTwice();
  assert.deepEqual(
    model.parameters.map(({ path }) => path),
    ["layers.0.weight", "layers.0.bias"],
  );
  assert.deepEqual(
    model.summary.map(({ label, parameters, flops }) => [label, parameters, flops]),
    [
      ["shared(dense(4))", 20, 32],
      ["tanh()", 0, 4],
      ["shared(dense(4))", 0, 32],
    ],
  );
});

test("it computes what two layers with equal weights compute, and its gradient is the sum of theirs", () => {
  const [model, twin] = [makeTwice(), nn.sequential(nn.input(4), nn.dense(4), nn.tanh(), nn.dense(4))];
  fillWeights(model);
  const own = nn.weights(model);
  const values = ["weight", "bias"].flatMap((name) =>
    [0, 2].map((layer) => [`layers.${layer}.${name}`, own.get(`layers.0.${name}`)!] as const),
  );
  nn.setWeights(twin, new Map(values));
  const x = fill("x", 5, 4);
  assertClose(model.predict(x), Array.from(twin.predict(x).dataSync()), 1e-6, "output");
  const gradients = (of: nn.Model) => {
    const variables = of.parameters.map(({ variable }) => variable);
    const { grads } = tf.variableGrads(() => of.forward(x).square().sum(), variables);
    return new Map(of.parameters.map(({ path, variable }) => [path, grads[variable.name]!]));
  };
  const [shared, apart] = [gradients(model), gradients(twin)];
  for (const name of ["weight", "bias"]) {
    const sum = apart.get(`layers.0.${name}`)!.add(apart.get(`layers.2.${name}`)!);
    assertClose(shared.get(`layers.0.${name}`)!, Array.from(sum.dataSync()), 1e-5, name);
  }
});

test("each model has weights of its own, each place its own random masks", () => {
  const same = nn.shared(nn.dense(3));
  const [one, other] = [nn.sequential(nn.input(3), same), nn.sequential(nn.input(3), same)];
  assert.notEqual(one.parameters[0]!.variable, other.parameters[0]!.variable);
  assert.notDeepEqual(one.parameters[0]!.variable.dataSync(), other.parameters[0]!.variable.dataSync());
  const noise = nn.shared(nn.gaussianNoise(1));
  const twice = nn.sequential(nn.input(1000), noise, noise).forward(tf.zeros([1, 1000]), { training: true });
  const variance = twice.square().mean().dataSync()[0]!;
  assert.ok(variance > 1.6 && variance < 2.4, `the same noise twice would have a variance of 4, this has ${variance}`);
});

test("it may stand inside other layers, hold some of its own, and take other lengths of the same features", () => {
  const inner = nn.shared(nn.dense(3));
  const outer = nn.shared(nn.residual(inner, nn.tanh()));
  const model = nn.sequential(nn.input(6, 3), outer, nn.residual(nn.tanh(), outer), inner, nn.flatten(), nn.dense(1));
  assert.deepEqual(
    model.parameters.map(({ path }) => path),
    ["layers.0.0.weight", "layers.0.0.bias", "layers.4.weight", "layers.4.bias"],
  );
  assert.deepEqual(model.predict(tf.zeros([2, 6, 3])).shape, [2, 1]);
  const lengths = nn.sequential(nn.input(6, 3), inner, nn.flatten(), nn.dense(3), inner);
  assert.equal(lengths.parameters.length, 4);
});

test("it trains as one: both places see every step", async () => {
  const model = makeTwice();
  const x = [[1, 0, 2, 1]];
  const data = fromArrays(x, [[1, 2, 3, 4]]);
  const run = await fit(model, data, { loss: "meanSquaredError", optimizer: sgd(0.1), epochs: 60 });
  const { loss } = run.history.steps;
  assert.ok(loss.at(-1)! < 0.05 * loss[0]!, `${loss[0]} → ${loss.at(-1)}`);
});

test("a place where the weights do not fit is refused", () => {
  const same = nn.shared(nn.dense(4));
  assertRefused([
    [
      () => nn.sequential(nn.input(3), same, nn.tanh(), same),
      /^ShapeError: shared: expected layers\.0\.weight of \[3, 4\] everywhere, got \[4, 4\] at layers\.2\. Its places/,
    ],
    [() => nn.shared("dense" as never), /^ValueError: shared: expected a layer, got "dense"\.$/],
  ]);
});
