import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ShapeError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { meanSquaredError } from "../../../src/nn/losses/index.js";
import { sgd } from "../../../src/optim/index.js";
import { compile, memory } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { functional } from "../../../src/train/index.js";
import { assertClose, fill, fillWeights } from "../../parity.js";
import { root } from "../../root.js";
import { network, numbers } from "./small.js";

// Made by test/fixtures/maml.py with PyTorch 2.13.
const { cases } = JSON.parse(readFileSync(join(root, "test/fixtures/maml.json"), "utf8")) as {
  readonly cases: readonly {
    readonly kind: "plain" | "normed";
    readonly steps: number;
    readonly loss: number;
    readonly gradients: Readonly<Record<string, readonly number[]>>;
    readonly firstOrder: number;
  }[];
};

function regressor(kind: "plain" | "normed"): nn.Model {
  const [one, two] = kind === "normed" ? [nn.layerNorm(), nn.gelu()] : [nn.tanh(), nn.tanh()];
  const net = nn.sequential(nn.input(1), nn.dense(16), one!, nn.dense(8), two!, nn.dense(1)) as nn.Model;
  fillWeights(net);
  return net;
}

function task(name: string) {
  const sine = fill(`${name}.sine`, 2);
  const [amplitude, phase] = tf.unstack(sine);
  const y = (x: tf.Tensor) => x.add(phase!).sin().mul(amplitude!.add(2));
  const [x, x2] = [fill(`${name}.x`, 10, 1).mul(3), fill(`${name}.x2`, 6, 1).mul(3)];
  return { x, y: y(x), x2, y2: y(x2) };
}

/** The sum of the losses after so many steps of gradient descent on each task. */
function outerLoss(net: nn.Model, steps: number): (...weights: tf.Tensor[]) => tf.Tensor {
  const { forward } = functional(net);
  const tasks = ["one", "two"].map(task);
  return (...weights) => {
    const losses = tasks.map(({ x, y, x2, y2 }) => {
      const slope = tf.grads((...w: tf.Tensor[]) => meanSquaredError()(forward(w, x), y));
      let adapted = weights;
      for (let step = 0; step < steps; step++) {
        const slopes = slope(adapted);
        adapted = adapted.map((weight, index) => weight.sub(slopes[index]!.mul(0.05)));
      }
      return meanSquaredError()(forward(adapted, x2), y2);
    });
    return tf.addN(losses);
  };
}

test("gradients through the inner steps of MAML are those of torch.func, second order included", () => {
  assert.equal(cases.length, 4);
  for (const { kind, steps, loss, gradients, firstOrder } of cases) {
    const net = regressor(kind);
    const { parameters, weights } = functional(net);
    const outer = outerLoss(net, steps);
    assertClose(outer(...weights()), [loss], 1e-5, `${kind}, ${steps}`);
    const found = tf.grads(outer)(weights());
    assert.ok(firstOrder > 0.01, "without the second order the gradients would be others");
    parameters.forEach(({ path }, index) => {
      assertClose(found[index]!, gradients[path]!, 1e-4, `${kind}, ${steps}: ${path}`);
    });
  }
});

test("an outer step may be compiled, moves the model's own weights, and makes it adapt better", () => {
  const net = regressor("plain");
  const { parameters, weights } = functional(net);
  const outer = outerLoss(net, 1);
  const before = outer(...weights()).dataSync()[0]!;
  const plain = tf.grads(outer)(weights());
  const step = compile((...w: tf.Tensor[]) => tf.grads(outer)(w));
  const compiled = step(...weights());
  compiled.forEach((gradient, index) => {
    assertClose(gradient, Array.from(plain[index]!.dataSync()), 1e-5, parameters[index]!.path);
  });
  const optimizer = sgd(0.02);
  for (let round = 0; round < 20; round++) optimizer.step(parameters, step(...weights()));
  const after = outer(...weights()).dataSync()[0]!;
  assert.ok(after < 0.8 * before, `${before} → ${after}`);
});

test("forward takes the weights that it is given, and the model keeps its own", () => {
  const net = network();
  const { parameters, weights, forward } = functional(net);
  assert.deepEqual(
    parameters.map(({ path }) => path),
    net.parameters.map(({ path }) => path),
  );
  const x = fill("x", 4, 2);
  const own = numbers(net);
  assertClose(forward(weights(), x), Array.from(net.predict(x).dataSync()), 1e-6);
  const zeros = weights().map((weight) => weight.zerosLike());
  assertClose(forward(zeros, x), Array(12).fill(0), 0);
  assert.throws(() => forward([...weights()].reverse(), x), ShapeError);
  assertClose(forward(weights(), x), Array.from(net.predict(x).dataSync()), 1e-6, "also after an error");
  assert.deepEqual(numbers(net), own);
  const copies = weights();
  copies[0]!.dispose();
  assert.deepEqual(numbers(net), own, "the weights that it gives are copies");
});

test("in training, batchNorm looks at the batch and moves no averages", () => {
  const net = nn.sequential(nn.input(2), nn.batchNorm(), nn.dense(1));
  const { weights, forward, parameters } = functional(net);
  assert.equal(parameters.length, 4);
  const own = numbers(net);
  const x = fill("x", 6, 2).mul(5).add(3);
  const [training, inference] = [forward(weights(), x, { training: true }), forward(weights(), x)];
  assert.ok(training.sub(inference).abs().max().dataSync()[0]! > 0.1);
  assert.deepEqual(numbers(net), own);
});

test("inner loops leave no tensor behind where a scope is around them", () => {
  const net = regressor("plain");
  const { weights } = functional(net);
  const round = () => tf.tidy(() => void tf.grads(outerLoss(net, 2))(weights()));
  round();
  const before = memory().tensors;
  round();
  assert.equal(memory().tensors, before);
});

test("weights that are not the model's are refused", () => {
  const { forward, weights } = functional(network());
  const x = fill("x", 4, 2);
  assert.throws(
    () => forward(weights().slice(1), x),
    /functional: forward: expected 4 weights of sequential, got 3\. Take `weights\(\)`/,
  );
  assert.throws(() => forward(7 as never, x), ValueError);
  const wrong = weights().with(0, tf.zeros([3, 8]));
  assert.throws(() => forward(wrong, x), /functional: forward: layers\.0\.weight: expected \[2, 8\], got \[3, 8\]/);
  assert.throws(() => forward(weights().with(1, 1 as never), x), /layers\.0\.bias: expected \[8\], got 1/);
  assert.throws(() => functional(undefined as never), /functional: expected a model, got undefined/);
  assert.throws(
    () => functional(nn.sequential(nn.input(2), nn.relu())),
    /functional: expected a model with weights to train/,
  );
});
