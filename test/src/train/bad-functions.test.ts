/** Functions and objects of the user's that a run cannot use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "../../../src/runtime/tf.js";
import { type FitOptions, fit, history } from "../../../src/train/index.js";
import { network, numbers, options, points } from "./small.js";

const chosen = options();

test("observers and signals that are none are named before anything is changed", async () => {
  const refused: readonly (readonly [object, RegExp])[] = [
    [
      { observers: { onStep() {} } },
      /^ValueError: fit: observers: expected a list like \[train\.csv\("run\.csv"\)\], got Object/,
    ],
    [{ observers: [3] }, /^ValueError: fit: observers\[0\]: expected an object with some of onStart, .*, got 3\.$/],
    [
      { observers: [{ onEpoch() {} }, { onstep() {} }] },
      /^ValueError: fit: observers\[1\]: .*Did you mean 'onStep'\?$/,
    ],
    [{ signal: 3 }, /^ValueError: signal: expected an AbortSignal, got 3\. Write new AbortController\(\)\.signal\.$/],
  ];
  for (const [change, words] of refused) {
    const net = network();
    const before = numbers(net);
    await assert.rejects(fit(net, points(), { ...chosen, ...change } as FitOptions), words);
    assert.deepEqual(numbers(net), before);
    assert.equal(history(net).steps.length, 0);
  }
});

test("functions of the user's that are no losses or metrics are told so, and no weight has moved", async () => {
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ loss: () => 3 }, /^ShapeError: loss: expected one number, got 3\. End the loss with \.mean\(\)\.$/],
    [{ loss: (p: tf.Tensor) => p }, /^ShapeError: loss: expected one number, got \[5, 3\]/],
    [
      {
        loss: function mine(p: tf.Tensor) {
          return tf.scalar(p.size);
        },
      },
      /^ValueError: fit: loss: expected a number that the model's weights change, got 'mine', in which they do not occur/,
    ],
    [{ metrics: [() => 3] }, /^ShapeError: metric: expected one number, got 3/],
    [
      {
        metrics: [
          function wide(p: tf.Tensor) {
            return p;
          },
        ],
      },
      /^ShapeError: wide: expected one number, got \[5, 3\]/,
    ],
  ];
  for (const [change, words] of refused) {
    const net = network();
    const before = numbers(net);
    await assert.rejects(fit(net, points(), { ...chosen, ...change } as FitOptions), words);
    assert.deepEqual(numbers(net), before);
    assert.equal(history(net).steps.length, 0);
  }
});
