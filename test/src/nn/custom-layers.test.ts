import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import { ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit } from "../../../src/train/index.js";
import { assertRefused } from "../../layer-parity.js";
import { assertClose, fill, fillWeights } from "../../parity.js";

/** A dense layer as a user would write it. */
const linear = (units: number) =>
  nn.defineLayer({
    name: "linear",
    label: `linear(${units})`,
    build(input, scope) {
      const weight = scope.weight("weight", [input.at(-1)!, units], "glorotUniform", { regularizer: nn.l2(0.01) });
      const bias = scope.weight("bias", [units], nn.init.zeros());
      return {
        output: [...input.slice(0, -1), units],
        flops: 2 * input.at(-1)! * units,
        forward: (x) => x.matMul(weight.value).add(bias.value),
      };
    },
  });

/** A layer as a class. */
class Noisy {
  readonly name = "noisy";
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  build(input: nn.Shape, scope: nn.Scope) {
    const random = scope.random();
    const forward = (x: tf.Tensor, { training }: nn.Forward) =>
      training ? x.add(random.normal(x.shape).mul(this.#size)) : x;
    return { output: input, causal: true, forward };
  }
}

test("a lambda computes its function, whatever says what shape comes out", () => {
  const cases: [nn.Layer, shape: number[], label: string][] = [
    [nn.lambda((x) => x.mul(2), { output: "same" }), [3, 4], "lambda(…)"],
    [nn.lambda((x) => x.transpose([0, 2, 1])), [4, 3], "lambda(…)"],
    [nn.lambda((x) => x.transpose([0, 2, 1]), { output: ([a, b]: [3, 4]) => [b, a] }), [4, 3], "lambda(…)"],
    [nn.lambda((x) => x.sum(1), { output: [4] as const, name: "total" }), [4], "lambda(total)"],
    [
      nn.lambda(function squares(x) {
        return x.square();
      }),
      [3, 4],
      "lambda(squares)",
    ],
  ];
  for (const [layer, shape, label] of cases) {
    const model = nn.sequential(nn.input(3, 4), layer);
    assert.deepEqual(model.outputShape, shape, label);
    assert.deepEqual(model.predict(fill("x", 2, 3, 4)).shape, [2, ...shape], label);
    assert.equal(model.summary[0]!.label, label);
  }
  const doubled = nn.sequential(
    nn.input(3),
    nn.lambda((x) => x.mul(2)),
  );
  assertClose(doubled.predict(fill("x", 2, 3)), Array.from(fill("x", 2, 3).mul(2).dataSync()), 1e-6);
  const trainingOnly = nn.sequential(
    nn.input(3),
    nn.lambda((x, { training }) => (training ? x.neg() : x)),
  );
  const x = fill("x", 2, 3);
  assert.deepEqual(trainingOnly.forward(x, { training: true }).dataSync(), x.neg().dataSync());
});

test("a defined layer is one like any other: weights, seeds, summary, gradients, compiled", () => {
  const [own, twin] = [nn.sequential(nn.input(4), linear(3)), nn.sequential(nn.input(4), nn.dense(3))];
  assert.deepEqual(own.summary[0], {
    path: "layers.0",
    label: "linear(3)",
    outputShape: [3],
    parameters: 15,
    flops: 24,
  });
  nn.seed(5);
  const first = nn.sequential(nn.input(4), linear(3)).parameters[0]!.variable.dataSync();
  nn.seed(5);
  assert.deepEqual(nn.sequential(nn.input(4), nn.dense(3)).parameters[0]!.variable.dataSync(), first);
  for (const model of [own, twin]) fillWeights(model);
  const x = fill("x", 5, 4);
  assert.deepEqual(own.predict(x).dataSync(), twin.predict(x).dataSync());
  const gradients = (of: nn.Model) => {
    const variables = of.parameters.map(({ variable }) => variable);
    const { grads } = tf.variableGrads(() => of.forward(x).square().sum(), variables);
    return variables.flatMap((variable) => Array.from(grads[variable.name]!.dataSync()));
  };
  assertClose(tf.tensor1d(gradients(own)), gradients(twin), 1e-6);
  assertClose(compile((x: tf.Tensor) => own.forward(x))(x), Array.from(twin.predict(x).dataSync()), 1e-6);
});

test("a class may be a layer, and its random numbers come from its place", () => {
  const model = () => {
    nn.seed(2);
    return nn.sequential(nn.input(8), nn.defineLayer(new Noisy(0.5)));
  };
  const x = fill("x", 4, 8);
  assert.deepEqual(model().predict(x).dataSync(), x.dataSync());
  const first = model().forward(x, { training: true }).dataSync();
  assert.notDeepEqual(first, x.dataSync());
  assert.deepEqual(model().forward(x, { training: true }).dataSync(), first);
  assert.equal(model().summary[0]!.label, "noisy()");
});

test("a defined layer may be made of others, shared, frozen, captured and trained", async () => {
  const block = nn.defineLayer<nn.SameShape>({
    name: "block",
    build(input, scope) {
      const inner = nn.dense(input.at(-1)!).build(input, scope.at("inner"));
      return { output: input, forward: (x, context) => x.add(inner.forward(x, context).tanh()) };
    },
  });
  const same = nn.shared(block);
  const model = nn.sequential(
    nn.input(3),
    same,
    same,
    nn.lambda((x) => x.mul(0.5), { output: "same" }),
    nn.dense(1),
  );
  assert.deepEqual(
    model.parameters.map(({ path }) => path),
    ["layers.0.inner.weight", "layers.0.inner.bias", "layers.3.weight", "layers.3.bias"],
  );
  assert.deepEqual([...nn.capture(model, fill("x", 2, 3), "layers.*").keys()].length, 4);
  assert.deepEqual(nn.freeze(model, "layers.0"), ["layers.0.inner.weight", "layers.0.inner.bias"]);
  const x = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(i), 1]);
  const data = fromArrays(
    x,
    x.map(([a, b]) => [a! + b!]),
  );
  const frozen = Array.from(model.parameters[0]!.variable.dataSync());
  const run = await fit(model, data, { loss: "meanSquaredError", optimizer: sgd(0.1), epochs: 20, batchSize: 4 });
  const { loss } = run.history.steps;
  assert.ok(loss.at(-1)! < 0.5 * loss[0]!, `${loss[0]} → ${loss.at(-1)}`);
  assert.deepEqual(Array.from(model.parameters[0]!.variable.dataSync()), frozen);
});

test("an error in the user's code names the layer and where it sits, and keeps its cause", () => {
  const broken = new TypeError("no such thing");
  const layers: [nn.Layer, RegExp][] = [
    [
      nn.lambda(() => {
        throw broken;
      }),
      /^lambda: expected no error in its function, got TypeError: no such thing\. It sits at layers\.1\.$/,
    ],
    [
      nn.lambda((x) => x, {
        name: "mine",
        output: () => {
          throw broken;
        },
      }),
      /^mine: expected no error in its output rule, got TypeError: no such thing\. It sits at layers\.1\.$/,
    ],
    [
      nn.defineLayer({
        name: "mine",
        build() {
          throw broken;
        },
      }),
      /^mine: expected no error in build, got TypeError: no such thing\. It sits at layers\.1\.$/,
    ],
  ];
  for (const [layer, message] of layers) {
    assert.throws(
      () => nn.sequential(nn.input(4), nn.relu(), layer),
      (error: unknown) => error instanceof ValueError && message.test(error.message) && error.cause === broken,
      String(message),
    );
  }
  const late = nn.defineLayer<nn.SameShape>({
    name: "late",
    build: (input) => ({ output: input, forward: (x) => x.matMul(tf.zeros([7, 7])) }),
  });
  const model = nn.sequential(nn.input(4), late);
  assert.throws(
    () => model.predict(tf.zeros([2, 4])),
    /^ValueError: late: expected no error in forward, got .*7.* It sits at layers\.0\.$/s,
  );
});

test("what comes out is held against what was promised", () => {
  const out = (layer: nn.Layer) => () => nn.sequential(nn.input(4), layer).predict(tf.zeros([3, 4]));
  assertRefused([
    [
      out(nn.lambda((x) => x.sum(), { output: "same" })),
      /^ShapeError: lambda: expected forward to give \[3, 4\], got \[\]/,
    ],
    [
      out(nn.lambda((x) => x.sum())),
      /^ShapeError: lambda: expected the batch to stay the first axis of \[2, 4\], got \[\]/,
    ],
    [
      out(nn.lambda((x) => x.transpose())),
      /^ShapeError: lambda: expected the batch to stay the first .*, got \[4, 2\]/,
    ],
    [out(nn.lambda(() => 3 as never)), /^ValueError: lambda: expected forward to give a tensor, got 3\. It sits/],
    [out(nn.lambda((x) => x, { output: [0] })), /^ValueError: lambda: expected output to be the shape .*, got \[0\]/],
    [
      out(nn.defineLayer({ name: "mine", build: () => ({ output: [3], forward: (x) => x }) })),
      /^ShapeError: mine: expected forward to give \[3, 3\], got \[3, 4\]\. It sits at layers\.0\.$/,
    ],
    [
      out(nn.defineLayer({ name: "mine", build: () => ({ output: 3, forward: (x: tf.Tensor) => x }) as never })),
      /^ValueError: mine: expected output to be the shape of one example, like \[28, 28, 1\], got 3\./,
    ],
    [
      out(nn.defineLayer({ name: "mine", build: () => undefined as never })),
      /^ValueError: mine: expected build to give \{ output, forward \}, got undefined\./,
    ],
  ]);
});

test("reading values in a lambda is refused when it is compiled, by its name", () => {
  const model = nn.sequential(
    nn.input(2),
    nn.lambda((x) => x.mul(x.dataSync()[0]!), { output: "same" }),
  );
  assert.throws(
    () => compile((x: tf.Tensor) => model.forward(x))(tf.ones([1, 2])),
    /^ValueError: lambda: .* compile: expected a function that leaves values on the device/,
  );
});

test("what cannot be is refused, in words that help", () => {
  assertRefused([
    [() => nn.lambda(3 as never), /^ValueError: lambda: expected a function of a tensor, got 3\.$/],
    [() => nn.lambda((x) => x, { output: "sum" } as never), /^ValueError: lambda: output: expected .*, got "sum"\.$/],
    [() => nn.lambda((x) => x, { outputs: [3] } as never), /Did you mean 'output'\?$/],
    [() => nn.lambda((x) => x, { name: 3 } as never), /^ValueError: lambda: name: expected a text, got 3\.$/],
    [
      () => nn.defineLayer({} as never),
      /^ValueError: defineLayer: expected \{ name, build\(input, scope\) \}, got Object\.$/,
    ],
    [() => nn.defineLayer(undefined as never), /^ValueError: defineLayer: expected .*, got undefined\.$/],
  ]);
});
