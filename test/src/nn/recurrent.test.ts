/** rnn, lstm and gru beyond layers.test.ts, which holds them against PyTorch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import { ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { gru } from "../../../src/tensor/gru.js";
import { lstm } from "../../../src/tensor/lstm.js";
import { Random } from "../../../src/tensor/random.js";
import { type Recurrence, recur } from "../../../src/tensor/recurrence.js";
import { rnns } from "../../../src/tensor/rnn.js";
import { evaluate, fit } from "../../../src/train/index.js";
import { assertClose, fill } from "../../parity.js";
import { gradientError, hostReads, random, secondGradientError } from "../runtime/differences.js";

/** Each with the columns that its weights have for a unit, and its biases. */
const recurrences: Record<string, readonly [Recurrence, gates: number, biases: number]> = {
  "rnn with tanh": [rnns.tanh, 1, 1],
  "rnn with relu": [rnns.relu, 1, 1],
  lstm: [lstm, 4, 1],
  gru: [gru, 3, 2],
};
const [time, batch, width, units] = [4, 3, 2, 3];

function inputsOf(gates: number, biases: number): tf.Tensor[] {
  const columns = gates * units;
  const shapes = [[time, batch, width], [width, columns], [units, columns], ...Array(biases).fill([columns])];
  return shapes.map((shape, index) => random(shape, index + 20));
}

const back = { returnSequences: true, reverse: true } as const;
const stacks: Record<string, () => nn.Model> = {
  rnn: () => nn.sequential(nn.input(5, 3), nn.rnn(4, back), nn.rnn(4)),
  lstm: () => nn.sequential(nn.input(5, 3), nn.lstm(4, back), nn.lstm(4)),
  gru: () => nn.sequential(nn.input(5, 3), nn.gru(4, back), nn.gru(4)),
};

for (const [name, [recurrence, gates, biases]] of Object.entries(recurrences)) {
  const inputs = inputsOf(gates, biases);

  test(`${name} computes the same from its parts, which is what backends without TensorFlow do`, () => {
    const expected = tf.stack(recurrence.plainly(inputs));
    assertClose(recur(recurrence, inputs, true), Array.from(expected.dataSync()), 1e-6, "all states");
    const last = Array.from(expected.slice([time - 1]).dataSync());
    assertClose(recur(recurrence, inputs, false), last, 1e-6, "last state");
  });

  test(`the first and second derivative of ${name} in each of its inputs agree with differences`, () => {
    for (const all of [true, false]) {
      inputs.forEach((input, index) => {
        const f = (moved: tf.Tensor) => recur(recurrence, inputs.with(index, moved), all).square();
        // Steps small enough that no relu turns on or off.
        const step = name === "rnn with relu" ? 0.002 : 0.02;
        const tolerance = name === "rnn with relu" ? 3e-3 : 5e-4;
        assert.ok(gradientError(f, input, step) < tolerance, `input ${index}: ${gradientError(f, input, step)}`);
        const second = secondGradientError(f, input, step);
        assert.ok(second < tolerance, `second derivative in input ${index}: ${second}`);
      });
    }
  });
}

for (const [name, stack] of Object.entries(stacks)) {
  test(`${name} and its gradients read nothing on the host, leave nothing behind, and compile`, () => {
    const model = stack();
    const variables = model.parameters.map(({ variable }) => variable);
    const gradients = (x: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(() => model.forward(x).square().mean() as tf.Scalar, variables);
      return [value, ...variables.map((variable) => grads[variable.name]!)];
    };
    const x = fill("x", 20, 5, 3);
    const step = () => tf.tidy(() => void gradients(x));
    step();
    const before = tf.memory().numTensors;
    assert.equal(hostReads(step), 0);
    assert.equal(tf.memory().numTensors, before);
    const quick = compile(gradients);
    for (let call = 0; call < 2; call++) {
      const expected = gradients(x).map((tensor) => Array.from(tensor.dataSync()));
      quick(x).forEach((tensor, index) => {
        assertClose(tensor, expected[index]!, 1e-6, `result ${index}`);
      });
    }
  });
}

test("the examples of a batch do not touch each other, however many there are", () => {
  const model = nn.sequential(nn.input(5, 3), nn.gru(4));
  for (const size of [1, 2, 15, 16, 33]) {
    const x = fill("x", size, 5, 3);
    const single = tf.concat(tf.unstack(x).map((example) => model.predict(example.expandDims(0))));
    assertClose(model.predict(x), Array.from(single.dataSync()), 1e-6, `${size} examples`);
  }
});

test("first weights are those of Keras: orthonormal rows, biases zero, the forget gate open", () => {
  nn.seed(3);
  const weights = nn.weights(nn.sequential(nn.input(5, 3), nn.lstm(6)));
  const recurrent = weights.get("layers.0.recurrentWeight")!;
  const identity = Array.from(tf.eye(6).dataSync());
  assertClose(recurrent.matMul(recurrent, false, true), identity, 1e-6, "products of rows");
  const bias = (model: nn.Model) => Array.from(nn.weights(model).get("layers.0.bias")!.dataSync());
  const gates = (i: number, f: number) => [i, f, 0, 0].flatMap((value) => Array<number>(6).fill(value));
  assert.deepEqual(bias(nn.sequential(nn.input(5, 3), nn.lstm(6))), gates(0, 1));
  assert.deepEqual(bias(nn.sequential(nn.input(5, 3), nn.lstm(6, { forgetBias: 2 }))), gates(0, 2));
  // Evenly distributed among all rotations, so with either sign on the diagonal.
  const square = nn.weights(nn.sequential(nn.input(5, 3), nn.rnn(64))).get("layers.0.recurrentWeight")!;
  assertClose(square.matMul(square, false, true), Array.from(tf.eye(64).dataSync()), 1e-5, "a square");
  const positive = Array.from(tf.range(0, 64).toInt().arraySync() as number[]).filter(
    (i) => (square.arraySync() as number[][])[i]![i]! > 0,
  );
  assert.ok(positive.length > 16 && positive.length < 48, `${positive.length} of 64`);
});

test("the summary counts weights and operations", () => {
  const model = nn.sequential(nn.input(28, 5), nn.lstm(8, { returnSequences: true }), nn.gru(6), nn.dense(1));
  const rows = model.summary.map(({ label, outputShape, parameters, flops }) => [
    label,
    outputShape,
    parameters,
    flops,
  ]);
  assert.deepEqual(rows, [
    // As many weights as Keras counts; 28 steps, a multiplication and an addition for each weight that is not a bias.
    ["lstm(8, { returnSequences: true })", [28, 8], 4 * 8 * (5 + 8 + 1), 28 * 2 * 4 * 8 * (5 + 8)],
    ["gru(6)", [6], 3 * 6 * (8 + 6 + 2), 28 * 2 * 3 * 6 * (8 + 6)],
    ["dense(1)", [1], 7, 12],
  ]);
  const rnn = nn.sequential(nn.input(28, 5), nn.rnn(8, { activation: "relu" })).summary[0]!;
  assert.deepEqual([rnn.parameters, rnn.flops], [8 * (5 + 8 + 1), 28 * 2 * 8 * (5 + 8)]);
});

test("what cannot be is refused, in words that help", () => {
  const refused: [() => unknown, RegExp][] = [
    [() => nn.lstm(0), /^lstm: units: expected a whole number above 0, got 0\.$/],
    [() => nn.gru(1.5), /^gru: units: expected a whole number above 0, got 1\.5\.$/],
    [() => nn.rnn("8" as never), /^rnn: units: expected a whole number above 0, got "8"\.$/],
    [() => nn.lstm(8, { returnSequence: true } as never), /got 'returnSequence'.*Did you mean 'returnSequences'\?/],
    [
      () => nn.gru(8, { forgetBias: 1 } as never),
      /^gru: expected options returnSequences, reverse, layers, dropout, initial, .*, got 'forgetBias'/,
    ],
    [
      () => nn.rnn(8, { activation: "relo" } as never),
      /^rnn: activation: expected "tanh" or "relu", got "relo".*'relu'\?/,
    ],
    [() => nn.lstm(8, { forgetBias: Number.NaN }), /^lstm: forgetBias: expected a number from 0, got NaN\.$/],
  ];
  for (const [call, message] of refused) {
    assert.throws(call, (error: unknown) => error instanceof ValueError && message.test(error.message), `${message}`);
  }
});

/** Of 20 numbers, two are marked, one in each half; their sum is asked for (Hochreiter and Schmidhuber 1997, section 5.4). */
function additions(count: number, seed: number) {
  const random = new Random(seed);
  const pairs = Array.from({ length: count }, () => {
    const marked = [random.integer(10), 10 + random.integer(10)];
    const x = Array.from({ length: 20 }, (_, t) => [random.uniform(), marked.includes(t) ? 1 : 0]);
    return { x, y: marked.reduce((sum, t) => sum + x[t]![0]!, 0) };
  });
  return fromArrays(
    pairs.map(({ x }) => x),
    pairs.map(({ y }) => y),
  );
}

test("an LSTM learns to add two numbers that are far apart", async () => {
  nn.seed(5);
  const model = nn.sequential(nn.input(20, 2), nn.lstm(32), nn.dense(1));
  const training = { loss: "meanSquaredError", optimizer: adam(0.01), batchSize: 64, epochs: 20, seed: 2 } as const;
  await fit(model, additions(2048, 1), training);
  const { loss } = await evaluate(model, additions(256, 2), { loss: "meanSquaredError" });
  // Always answering 1 costs 1/6.
  assert.ok(loss < 0.01, `a loss of ${loss}`);
});
