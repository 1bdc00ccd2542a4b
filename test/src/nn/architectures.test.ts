/** Architectures against PyTorch (test/fixtures/architectures.py), and against the sizes that were published. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../../src/data/index.js";
import { ShapeError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { evaluate, fit } from "../../../src/train/index.js";
import { assertRefused, type Fixture, readFixture } from "../../layer-parity.js";
import { assertClose, fill, fillWeights, tokens } from "../../parity.js";

interface Architectures extends Fixture {
  readonly models: Readonly<
    Record<
      string,
      {
        vocab: number;
        shape: readonly number[];
        output: readonly number[];
        gradients: Readonly<Record<string, number>>;
      }
    >
  >;
  readonly balance: number;
  readonly vae: { readonly output: readonly number[]; readonly divergence: number };
}

const fixture = readFixture<Architectures>("architectures");

const models = {
  mlp: nn.mlp({ input: [4, 3, 2], hidden: [5, 4], outputs: 3, activation: "tanh" }),
  lenet: nn.lenet({ input: [28, 28, 1], classes: 10 }),
  vgg: nn.vgg({ depth: 11, input: [32, 32, 3], classes: 3, width: 2, hidden: [7], norm: true, dropout: 0 }),
  unet: nn.unet({ input: [8, 8, 3], classes: 2, depth: 2, width: 3 }),
  vit: nn.vit({ input: [8, 8, 3], classes: 3, patch: 4, width: 8, heads: 2, layers: 2 }),
  autoencoder: nn.autoencoder({ input: [8, 8, 1], code: 5, filters: [2, 3] }),
  charRnn: nn.charRnn({ vocab: 7, context: 6, width: 5, layers: 2, kind: "gru" }),
  recurrentClassifier: nn.recurrentClassifier({ input: [5, 3], classes: 3, units: 4, bidirectional: true }),
  forecaster: nn.forecaster({ time: 5, features: 3, horizon: 3, outputs: 2, units: 4, kind: "rnn" }),
  seq2seq: nn.seq2seq({ sourceVocab: 7, targetVocab: 6, source: 4, target: 3, width: 5 }),
  tcn: nn.tcn({ time: 9, features: 3, outputs: 2, filters: [4, 4] }),
  spectrogramCnn: nn.spectrogramCnn({ time: 8, bands: 6, classes: 3, filters: [3, 4] }),
  embeddingNet: nn.embeddingNet({ input: [8, 8, 2], size: 5, filters: [3, 4] }),
  contactMap: nn.contactMap({ vocab: 3, length: 6, width: 8, heads: 2, layers: 1, channels: 4 }),
  mixtureOfExperts: mixture(Number.POSITIVE_INFINITY),
  "mixtureOfExperts where some find no place": mixture(0.5),
};

function mixture(capacity: number): nn.Model {
  return nn.sequential(nn.input(5, 4), nn.mixtureOfExperts(3, { expansion: 2, capacity })) as nn.Model;
}

test("every architecture of the oracle is tested here", () => {
  assert.deepEqual(Object.keys(models).sort(), Object.keys(fixture.models).sort());
});

for (const [name, model] of Object.entries(models) as [string, nn.Model][]) {
  test(`${name} computes what PyTorch computes, and its gradients`, () => {
    const { vocab, shape, output, gradients } = fixture.models[name]!;
    fillWeights(model);
    const x =
      vocab > 0
        ? tokens("x", vocab - 1, 2, ...model.inputShape).add(tf.scalar(1, "int32"))
        : tf.variable(fill("x", 2, ...model.inputShape));
    const made = model.predict(x);
    assert.deepEqual(made.shape, shape);
    assert.deepEqual(made.shape.slice(1), model.outputShape);
    assertClose(made, output, 1e-5, "output");
    const trained = model.parameters.filter(({ trainable }) => trainable);
    const named = trained.map(({ path, variable }) => ({ path, variable }));
    if (x instanceof tf.Variable) named.push({ path: "x", variable: x });
    assert.deepEqual(named.map(({ path }) => path).sort(), Object.keys(gradients).sort());
    const { grads } = tf.variableGrads(
      () =>
        model
          .forward(x, { training: true, remember: () => {} })
          .mul(fill("probe", ...shape))
          .sum(),
      named.map(({ variable }) => variable),
    );
    for (const { path, variable } of named) {
      const seen = grads[variable.name]!.mul(fill(`probe ${path}`, ...variable.shape)).sum();
      assertClose(seen, [gradients[path]!], 1e-4, `gradient of ${path}`);
    }
  });
}

for (const [name, model] of Object.entries(models) as [string, nn.Model][]) {
  test(`${name} compiles with its gradients, and leaves nothing behind`, () => {
    const { vocab } = fixture.models[name]!;
    const shape = [2, ...model.inputShape];
    const x = vocab > 0 ? tokens("x", vocab, ...shape) : fill("x", ...shape);
    const variables = model.parameters.filter(({ trainable }) => trainable).map(({ variable }) => variable);
    const differentiate = (given: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(
        () =>
          model
            .forward(given, { training: true, remember: () => {} })
            .square()
            .sum(),
        variables,
      );
      return [value, ...variables.map((variable) => grads[variable.name]!)];
    };
    const eager = differentiate(x);
    const quick = compile((given: tf.Tensor) => differentiate(given));
    tf.dispose(quick(x));
    const before = tf.memory().numTensors;
    const compiled = quick(x);
    assert.equal(tf.memory().numTensors - before, compiled.length);
    for (const [index, gradient] of compiled.entries()) {
      assertClose(gradient, [...eager[index]!.dataSync()], 1e-4, index === 0 ? "value" : variables[index - 1]!.name);
    }
  });
}

test("experts that are asked more than others cost", () => {
  const costs: tf.Tensor[] = [];
  const model = models.mixtureOfExperts;
  fillWeights(model);
  model.forward(fill("x", 2, 5, 4), { training: true, addLoss: (cost) => costs.push(cost) });
  assert.equal(costs.length, 1);
  assertClose(costs[0]!, [0.01 * fixture.balance], 1e-6, "balance");
});

test("images are embedded one by one as in their examples", () => {
  const net = models.embeddingNet;
  fillWeights(net);
  const x = fill("x", 2, 3, 8, 8, 2);
  const apart = net.embed(x.reshape([6, 8, 8, 2]));
  assertClose(apart, [...net.predict(x).dataSync()], 1e-6, "embedded");
  assertClose(apart.square().sum(1), [1, 1, 1, 1, 1, 1], 1e-5, "lengths");
  assert.throws(() => net.embed(x), /embed: expected images \[n, 8, 8, 2\], got \[2, 3, 8, 8, 2\]\.$/);
});

test("they have as many weights as was published", () => {
  const trained = ({ parameters }: nn.Model) =>
    parameters.reduce((sum, { trainable, variable }) => sum + (trainable ? variable.size : 0), 0);
  const published: [nn.Model, number][] = [
    // LeCun et al. 1998, with all connections of the second convolution, and a dense head.
    [nn.lenet({ input: [28, 28, 1], classes: 10 }), 61_706],
    // DeiT-Ti of arXiv 2012.12877, as timm counts it.
    [nn.vit({ input: [224, 224, 3], classes: 1000, patch: 16, width: 192, heads: 3, layers: 12 }), 5_717_416],
    // VGG11 for CIFAR-10 with batch norm, as in kuangliu/pytorch-cifar.
    [nn.vgg({ depth: 11, input: [32, 32, 3], classes: 10, hidden: [], norm: true }), 9_231_114],
    // The U-Net of milesial/Pytorch-UNet.
    [nn.unet({ input: [32, 32, 3], classes: 2 }), 31_037_698],
  ];
  for (const [model, count] of published) assert.equal(trained(model), count, model.name);
});

test("a VAE reconstructs by the mean of its codes, and adds their divergence to the loss", async () => {
  const vae = nn.vae({ input: [8, 8, 1], code: 5, filters: [2, 3] });
  fillWeights(vae);
  const x = fill("x", 2, 8, 8, 1);
  assertClose(vae.predict(x), fixture.vae.output, 1e-5, "output");
  assertClose(vae.decode(vae.encode(x)), fixture.vae.output, 1e-5, "decoded");
  const costs: tf.Tensor[] = [];
  vae.forward(x, { training: false, addLoss: (cost) => costs.push(cost) });
  assertClose(costs[0]!, [fixture.vae.divergence], 1e-5, "divergence");
  assert.equal(costs.length, 1);

  const images = x.abs();
  const examples = fromArrays(images, images);
  const { loss } = await evaluate(vae, examples, { loss: "binaryCrossEntropy" });
  const likelihood = nn.losses.binaryCrossEntropy()(vae.predict(images), images).dataSync()[0]!;
  vae.forward(images, { training: false, addLoss: (cost) => costs.push(cost) });
  assert.ok(Math.abs(loss - likelihood - costs[1]!.dataSync()[0]!) < 1e-6);

  const first = vae.sample(3, { seed: 1 });
  assert.deepEqual(first.shape, [3, 8, 8, 1]);
  assert.deepEqual(vae.sample(3, { seed: 1 }).dataSync(), first.dataSync());
  assert.notDeepEqual(vae.sample(3, { seed: 2 }).dataSync(), first.dataSync());
});

test("a VAE learns: what it draws looks like what it saw, and codes come to lie about 0", async () => {
  nn.seed(2);
  // Bright above or bright below.
  const images = tf.tensor(
    Array.from({ length: 64 * 64 }, (_, at) => (at % 64 < 32 === at < 32 * 64 ? 0.95 : 0.05)),
    [64, 8, 8, 1],
  );
  const vae = nn.vae({ input: [8, 8, 1], code: 2, filters: [4, 8] });
  const options = { loss: "binaryCrossEntropy", epochs: 60, batchSize: 16, quiet: true } as const;
  const run = await fit(vae, fromArrays(images, images), { ...options, optimizer: adam(0.01) });
  assert.ok(run.history.epochs.at(-1)!.loss < 0.25, String(run.history.epochs.at(-1)!.loss));
  const halves = vae.sample(32, { seed: 3 }).sigmoid().reshape([32, 2, 32]).mean(2).arraySync() as [number, number][];
  const clear = halves.filter(([above, below]) => Math.abs(above - below) > 0.4).length;
  assert.ok(clear > 24, `${clear} of 32`);
});

test("branches are put side by side along the last axis", () => {
  const model = nn.sequential(
    nn.input(4, 4, 2),
    nn.concat([], nn.conv2d(3, 1), [nn.maxPool2d(2), nn.conv2d(1, 1), nn.upSampling2d(2)]),
  );
  const shape: readonly [4, 4, 6] = model.outputShape;
  assert.deepEqual(shape, [4, 4, 6]);
  assert.deepEqual(
    model.parameters.map(({ path }) => path),
    ["1.0", "2.1"].flatMap((place) => [`layers.0.${place}.weight`, `layers.0.${place}.bias`]),
  );
  const x = fill("x", 2, 4, 4, 2);
  const made = model.predict(x);
  assertClose(made.slice([0, 0, 0, 0], [2, 4, 4, 2]), [...x.dataSync()], 0, "an empty branch is x");
  assert.equal(model.summary[0]!.label, "concat([], conv2d(3, 1), [maxPool2d(2), conv2d(1, 1), upSampling2d(2)])");
  assertRefused([
    [() => nn.concat(), /^ValueError: concat: expected some branches, got none\.$/],
    [() => nn.concat(3 as never), /^ValueError: concat: expected layers, or lists of layers, got 3\.$/],
  ]);
  assert.throws(
    // @ts-expect-error concat: expected branches that give [4, 4] and a last axis, got [2, 2, 2]
    () => nn.sequential(nn.input(4, 4, 2), nn.concat([], nn.maxPool2d(2))),
    (error: unknown) =>
      error instanceof ShapeError && /branches that give \[4, 4\] and a last axis, got \[2, 2, 2\]/.test(error.message),
  );
});

test("sizes that cannot be are refused in the house words", () => {
  const image = { input: [32, 32, 3], classes: 10 } as const;
  const patches = { ...image, patch: 4, width: 8, heads: 2, layers: 1 };
  assertRefused([
    [
      () => nn.mlp({ input: [4], hidden: [0], outputs: 2 }),
      /^ValueError: mlp: hidden, number 0: expected a whole number above 0, got 0\.$/,
    ],
    [
      () => nn.mlp({ input: [4], hidden: [3], outputs: 2, activation: "rleu" as never }),
      /mlp: activation: .*Did you mean 'relu'\?$/,
    ],
    [
      () => nn.lenet({ input: [28, 28] as never, classes: 10 }),
      /^ValueError: lenet: input: expected \[height, width, channels\], got \[28, 28\]\.$/,
    ],
    [() => nn.vgg({ ...image, depth: 12 as never }), /^ValueError: vgg: depth: expected 11, 13, 16 or 19, got 12\.$/],
    [
      () => nn.vgg({ ...image, input: [16, 32, 3], depth: 11 }),
      /^ValueError: vgg: input: expected an image at least 32 high and wide/,
    ],
    [
      () => nn.unet({ ...image, input: [36, 32, 3], depth: 3 }),
      /^ValueError: unet: input: expected a height and a width that 8 divides/,
    ],
    [
      () => nn.vit({ ...patches, patch: 5 }),
      /^ValueError: vit: patch: expected a number that divides height 32 and width 32, got 5\.$/,
    ],
    [
      () => nn.vit({ ...patches, heads: 3 }),
      /^ValueError: vit: width: expected a number that 3 heads divide, got 8\.$/,
    ],
    [() => nn.vit({ ...patches, pool: "cls" as never }), /^ValueError: vit: pool: expected "class" or "mean"/],
    [
      () => nn.autoencoder({ input: [30, 32, 1], code: 2 }),
      /^ValueError: autoencoder: input: expected a height and a width that 4 divides/,
    ],
    [
      () => nn.vae({ input: [32, 32, 1], code: 2, klWeight: -1 }),
      /^ValueError: vae: klWeight: expected a number from 0, got -1/,
    ],
    [() => nn.vae({ input: [32, 32, 1], code: 2, beta: 4 } as never), /vae: expected options .*, got 'beta'/],
    [
      () => nn.vae({ input: [8, 8, 1], code: 2 }).decode(tf.zeros([1, 3])),
      /vae: decode: expected a tensor \[n, 2\], got \[1, 3\]\.$/,
    ],
  ]);
});
