/** The networks of the bench, in Nabla; `torch_side.py` and `keras_side.py` have the same. */
import { type Dataset, fromArrays } from "../../src/data/index.js";
import * as nn from "../../src/nn/index.js";
import * as tf from "../../src/runtime/tf.js";
import { Random } from "../../src/tensor/random.js";
import { sizeOf } from "../../src/tensor/shape.js";
import { scope } from "../../src/train/scope.js";

/** How many different tokens a text has. */
export const vocab = 65;

/** A run over the data set meets so many batches. */
export const batchesHeld = 16;

interface Network {
  readonly title: string;
  make(): nn.Model;
}

const networks: Readonly<Record<string, Network>> = {
  mlp: {
    title: "MLP 784-128-10",
    make: () => nn.sequential(nn.input(784), nn.dense(128), nn.relu(), nn.dense(10)),
  },
  wide: {
    title: "MLP 784-2048-2048-10",
    make: () => nn.sequential(nn.input(784), nn.dense(2048), nn.relu(), nn.dense(2048), nn.relu(), nn.dense(10)),
  },
  cnn: {
    title: "CNN 16-32 on 28 × 28",
    make: () =>
      nn.sequential(
        nn.input(28, 28, 1),
        nn.conv2d(16, 3),
        nn.relu(),
        nn.maxPool2d(2),
        nn.conv2d(32, 3),
        nn.relu(),
        nn.maxPool2d(2),
        nn.flatten(),
        nn.dense(10),
      ),
  },
  resnet: {
    title: "ResNet-20 on 32 × 32",
    make: () => nn.resnet({ depth: 20, input: [32, 32, 3], classes: 10 }),
  },
  lstm: {
    title: "LSTM 64 × 28",
    make: () => nn.sequential(nn.input(28, 28), nn.lstm(64), nn.dense(10)),
  },
  gru: {
    title: "GRU 64 × 28",
    make: () => nn.sequential(nn.input(28, 28), nn.gru(64), nn.dense(10)),
  },
  transformer: {
    title: "Transformer d64 h4 T64 × 2",
    make: () => nn.gpt({ vocab, context: 64, width: 64, heads: 4, layers: 2 }),
  },
  gpt: {
    title: "GPT d256 h8 T128 × 4",
    make: () => nn.gpt({ vocab, context: 128, width: 256, heads: 8, layers: 4 }),
  },
};

/** Their names, as options take them. */
export const modelNames: readonly string[] = Object.keys(networks);

/** How the report calls a model. */
export function titleOf(model: string): string {
  return networks[model]!.title;
}

/** The network with this name, with the same first weights every time. */
export function makeNetwork(model: string): nn.Model {
  nn.seed(1);
  return networks[model]!.make();
}

/** Inputs and class indices for {@link batchesHeld} batches; what they are does not matter. */
export function makeExamples({ inputShape, inputDtype, outputShape }: nn.Model, batch: number): Dataset {
  const random = new Random(1, "examples");
  const size = batchesHeld * batch;
  const shape = [size, ...inputShape];
  const classes = outputShape.at(-1)!;
  const tokens = (count: number) => Int32Array.from({ length: count }, () => random.integer(classes));
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.uniform());
  return scope(() => {
    const texts = () => tf.tensor(tokens(sizeOf(shape)), shape, "int32");
    if (inputDtype === "int32") return fromArrays(texts(), texts(), { classes });
    return fromArrays(tf.tensor(numbers(sizeOf(shape)), shape), tokens(size), { classes });
  });
}
