/** batchNorm against PyTorch 2.13 (test/fixtures/parity.py made the numbers), and what is its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import type { Model } from "../../../src/nn/module.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill, fillWeights, parity } from "../../parity.js";
import { gradientError, secondGradientError } from "../runtime/differences.js";

const models: Record<string, { model: Model; batch: number }> = {
  "of images": { model: nn.sequential(nn.input(4, 3, 5), nn.batchNorm()), batch: 2 },
  "of rows": { model: nn.sequential(nn.input(5), nn.batchNorm()), batch: 6 },
  "with its own numbers": {
    model: nn.sequential(nn.input(3, 5), nn.batchNorm({ epsilon: 0.1, momentum: 0.3 })),
    batch: 2,
  },
};

const training = { training: true };

function weight(model: Model, path: string): tf.Variable {
  return model.parameters.find((parameter) => parameter.path === path)!.variable;
}

test("every batchNorm that PyTorch was asked about is tested here", () => {
  assert.deepEqual(Object.keys(models).sort(), Object.keys(parity.batchNorms).sort());
});

for (const [name, { model, batch }] of Object.entries(models)) {
  test(`batchNorm ${name} computes what PyTorch computes, its gradients and its moving averages`, () => {
    const expected = parity.batchNorms[name]!;
    const shape = [batch, ...model.inputShape];
    fillWeights(model);
    assertClose(model.predict(fill("x", ...shape)), expected.inference, 1e-5, "inference");
    const x = tf.variable(fill("x", ...shape));
    const trained = model.parameters.filter(({ trainable }) => trainable);
    const { grads } = tf.variableGrads(() => {
      const output = model.forward(x, training);
      assertClose(output, expected.training, 1e-5, "training");
      return output.mul(fill("probe", ...shape)).sum() as tf.Scalar;
    }, [x, ...trained.map(({ variable }) => variable)]);
    assertClose(grads[x.name]!, expected.gradients.x!, 1e-4, "gradient of x");
    for (const { path, variable } of trained) {
      assertClose(grads[variable.name]!, expected.gradients[path]!, 1e-4, `gradient of ${path}`);
    }
    model.forward(
      fill("x2", ...shape)
        .mul(3)
        .add(1),
      training,
    );
    assertClose(weight(model, "layers.0.movingMean"), expected.movingMean, 1e-5, "moving mean");
    assertClose(weight(model, "layers.0.movingVariance"), expected.movingVariance, 1e-5, "moving variance");
  });
}

test("the moving averages are weights that are saved and copied, not trained", () => {
  const make = () => nn.sequential(nn.input(5), nn.batchNorm());
  const [model, twin] = [make(), make()];
  model.forward(fill("x", 8, 5), training);
  nn.copyWeights(model, twin);
  const x = fill("x2", 3, 5);
  assert.deepEqual(twin.predict(x).dataSync(), model.predict(x).dataSync());
  assert.notDeepEqual(make().predict(x).dataSync(), model.predict(x).dataSync());
  assert.deepEqual(
    model.parameters.map(({ path, trainable, variable }) => [path, trainable, variable.trainable]),
    [
      ["layers.0.weight", true, true],
      ["layers.0.bias", true, true],
      ["layers.0.movingMean", false, false],
      ["layers.0.movingVariance", false, false],
    ],
  );
});

test("who makes a step can keep the moving averages back until it is sure of it", () => {
  const model = nn.sequential(nn.input(5), nn.batchNorm());
  const before = nn.weights(model);
  const kept: [tf.Variable, tf.Tensor][] = [];
  const remember = (variable: tf.Variable, value: tf.Tensor) => kept.push([variable, value]);
  model.forward(fill("x", 8, 5), { ...training, remember });
  for (const [path, value] of before) assert.deepEqual(weight(model, path).dataSync(), value.dataSync(), path);
  for (const [variable, value] of kept) variable.assign(value);
  const twin = nn.sequential(nn.input(5), nn.batchNorm());
  twin.forward(fill("x", 8, 5), training);
  for (const [path, value] of nn.weights(twin))
    assert.deepEqual(weight(model, path).dataSync(), value.dataSync(), path);
});

test("the first and second derivative agree with differences, in training and after it", () => {
  for (const context of [training, { training: false }]) {
    const model = nn.sequential(nn.input(2, 3), nn.batchNorm());
    fillWeights(model);
    const f = (x: tf.Tensor) => model.forward(x, { ...context, remember: () => {} }).square();
    assert.ok(gradientError(f, fill("x", 4, 2, 3)) < 3e-4, "first");
    assert.ok(secondGradientError(f, fill("x", 4, 2, 3)) < 3e-4, "second");
  }
});

test("options that cannot be are refused", () => {
  const refused: [() => unknown, RegExp][] = [
    [() => nn.batchNorm({ momentum: 1 }), /^batchNorm: momentum: expected a number from 0 to below 1, got 1\.$/],
    [() => nn.batchNorm({ epsilon: -1 }), /^batchNorm: epsilon: expected a number from 0, got -1\.$/],
    [() => nn.batchNorm({ eps: 1e-3 } as never), /^batchNorm: expected options momentum, epsilon, got 'eps'/],
  ];
  for (const [call, message] of refused) {
    assert.throws(call, (error: unknown) => error instanceof ValueError && message.test(error.message));
  }
});

test("compiled, it gives the same numbers and the same moving averages", () => {
  const make = () => nn.sequential(nn.input(4, 3, 5), nn.batchNorm());
  const [model, twin] = [make(), make()];
  const compiled = compile((x: tf.Tensor) => model.forward(x, training));
  for (const path of ["x", "x2"]) {
    const x = fill(path, 8, 4, 3, 5);
    assertClose(compiled(x), Array.from(twin.forward(x, training).dataSync()), 1e-6);
  }
  for (const [path, value] of nn.weights(twin))
    assertClose(weight(model, path), Array.from(value.dataSync()), 1e-6, path);
});

test("no step leaves tensors behind", () => {
  const model = nn.sequential(nn.input(5), nn.batchNorm());
  const step = () => tf.tidy(() => void model.forward(fill("x", 8, 5), training));
  step();
  const before = tf.memory().numTensors;
  step();
  assert.equal(tf.memory().numTensors, before);
});
