import assert from "node:assert/strict";
import { test } from "node:test";
import { NonFiniteError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam, sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit, history, type Observer, type RunEnd, resume, type StepRecord } from "../../../src/train/index.js";
import { handmade, network, numbers, options, points } from "./small.js";

const chosen = options();

type Spoil = (good: tf.Tensor, prediction: tf.Tensor, wrong: tf.Tensor) => tf.Tensor;

/** 0 / 1 = 0 while all is well, 1 / 0 when it goes wrong. */
const infinity = (wrong: tf.Tensor): tf.Tensor => wrong.div(tf.sub(1, wrong));

/** Losses that go wrong when `wrong` is 1, not 0, and what is then said. */
const breaking: readonly (readonly [string, Spoil, RegExp])[] = [
  [
    "a loss of NaN",
    (good, _prediction, wrong) => good.add(infinity(wrong).sub(infinity(wrong))),
    /expected finite numbers, got a loss of NaN at learning rate 0\.01\./,
  ],
  [
    "an infinite loss",
    (good, _prediction, wrong) => good.add(infinity(wrong)),
    /got a loss of Infinity at learning rate 0\.01\./,
  ],
  [
    "a finite loss with gradients of NaN",
    (good, prediction, wrong) => {
      const right = tf.sub(1, wrong);
      return good.add(prediction.mul(right).square().add(right).sqrt().sum());
    },
    /got NaN or infinity in the gradient of layers\.0\.weight and a loss of \d\.\d+ at learning rate 0\.01/,
  ],
];

for (const [what, spoil, message] of breaking) {
  test(`${what} ends the run before the step is applied, and the run can go on`, async () => {
    const net = network();
    // The loss is a function of tensors, compiled: what changes it must be one too.
    const wrong = tf.variable(tf.scalar(0));
    let weights: number[] = [];
    const ends: RunEnd[] = [];
    const loss = (prediction: tf.Tensor, target: tf.Tensor) => {
      const good = tf.losses.softmaxCrossEntropy(tf.oneHot(target as tf.Tensor1D, 3), prediction) as tf.Tensor;
      return spoil(good, prediction, wrong);
    };
    const observers = [
      {
        onStep({ step }: StepRecord) {
          weights = numbers(net);
          wrong.assign(tf.scalar(step === 3 ? 1 : 0));
        },
        onEnd: (end: RunEnd) => void ends.push(end),
      },
    ];
    await assert.rejects(
      fit(net, points(), { ...chosen, validate: points(3), loss, observers, optimizer: adam(0.01) }),
      (error) => {
        assert.ok(error instanceof NonFiniteError, String(error));
        assert.match(error.message, /^fit: step 4: /);
        assert.match(error.message, message);
        assert.match(error.message, /The step was not applied: .*smaller learning rate \(0\.001\)/);
        assert.deepEqual(ends, [{ reason: "failed", error }]);
        return true;
      },
    );
    assert.deepEqual(numbers(net), weights);
    assert.equal(history(net).steps.length, 3);
    wrong.assign(tf.scalar(0));
    const run = await resume(net);
    assert.equal(run.steps, 15);
  });
}

test("the error names the operation that made the first NaN, and the user's line", async () => {
  const loss = (prediction: tf.Tensor) => prediction.sum().mul(0).sub(1).log().mean();
  await assert.rejects(fit(network(), points(), { loss, optimizer: "sgd" }), (error) => {
    assert.ok(error instanceof NonFiniteError);
    assert.match(error.message, /The first number that is not finite came out of Log, at .*non-finite\.test/);
    return true;
  });
});

test("missing numbers in the inputs are told from a diverging run", async () => {
  const holes = handmade(
    [
      [1, 2],
      [Number.NaN, 1],
    ],
    [0, 1],
  );
  const net = network();
  await assert.rejects(fit(net, holes, { loss: "crossEntropy", optimizer: "sgd" }), (error) => {
    assert.ok(error instanceof NonFiniteError);
    assert.match(error.message, /in an input of the batch .*Look for missing numbers in the data\./);
    return true;
  });
  assert.equal(history(net).steps.length, 0);
});

test("a step that is not applied leaves the moving averages of batchNorm as they were, too", async () => {
  const x = Array.from({ length: 10 }, (_, i) => [i, i === 7 ? Number.NaN : -i]);
  const holes = handmade(
    x,
    x.map((_, i) => i % 3),
  );
  nn.seed(7);
  const net = nn.sequential(nn.input(2), nn.batchNorm(), nn.dense(3));
  let before: number[] = [];
  const observers: Observer[] = [
    {
      onStep() {
        before = numbers(net);
      },
    },
  ];
  await assert.rejects(fit(net, holes, { ...chosen, batchSize: 1, observers }), NonFiniteError);
  assert.ok(history(net).steps.length > 0);
  assert.deepEqual(numbers(net), before);
});

test("a learning rate that was set to nonsense is refused before the next step", async () => {
  const optimizer = sgd(0.1);
  const net = network();
  const observers: Observer[] = [
    {
      onStep({ step }) {
        if (step === 2) optimizer.learningRate = Number.NaN;
      },
    },
  ];
  await assert.rejects(fit(net, points(), { loss: "crossEntropy", optimizer, observers, epochs: 5 }), ValueError);
  assert.ok(numbers(net).every(Number.isFinite));
});
