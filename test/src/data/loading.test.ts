/** Data sets whose examples are read when a step wants them: nothing but the memory may tell. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Example, fromArrays, fromStream, lazy, stream, subset } from "../../../src/data/index.js";
import { DataError, ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { evaluate, type FitOptions, fit, steps } from "../../../src/train/index.js";

const size = 22;
const inputs = Array.from({ length: size }, (_, index) => [index / size, (index % 5) / 5, 1]);
const labels = inputs.map((_, index) => index % 3);
const examples = inputs.map((x, index) => ({ x, y: labels[index]! }));
const whole = fromArrays(inputs, labels, { classes: 3 });

function network() {
  nn.seed(4);
  return nn.sequential(nn.input(3), nn.dense(8), nn.tanh(), nn.dense(3));
}

const options = { epochs: 3, batchSize: 4, seed: 2, quiet: true } as const satisfies FitOptions;

function numbersOf(model: nn.Model): number[] {
  return model.parameters.flatMap(({ variable }) => Array.from(variable.dataSync()));
}

async function trained(dataset: Parameters<typeof fit>[1], more: FitOptions = {}): Promise<number[]> {
  const model = network();
  await fit(model, dataset as never, { ...options, ...more });
  return numbersOf(model);
}

test("inputs that are read one by one, late and in parallel, train to the same bytes", async () => {
  let reading = 0;
  let most = 0;
  const late = await lazy(
    async (index) => {
      most = Math.max(most, ++reading);
      await setTimeout(index % 3);
      reading--;
      return inputs[index]!;
    },
    { targets: labels, classes: 3, concurrency: 3 },
  );
  assert.deepEqual(await trained(late), await trained(whole));
  assert.equal(most, 3);
  assert.deepEqual(
    await trained(late, { validate: 0.25 }),
    await trained(whole, { validate: 0.25 }),
    "parts of it, too",
  );
  const model = network();
  assert.deepEqual(await evaluate(model, late, { batchSize: 5 }), await evaluate(model, whole, { batchSize: 5 }));
});

test("the next batch is read while a step computes, and no more than that", async () => {
  const read: number[] = [];
  const source = await lazy((index) => (read.push(index), inputs[index]!), { targets: labels, classes: 3 });
  read.length = 0;
  let made = 0;
  for await (const _ of steps(network(), source, { ...options, shuffle: false })) {
    made++;
    await setTimeout(1);
    const wanted = Math.min(size, 4 * (made + 1));
    // The first was there from the beginning.
    if (made < 5) assert.equal(read.length, wanted - 1, `step ${made}`);
    if (made === 5) break;
  }
});

test("an input that cannot be read stops the run with its place, and may be read the next time", async () => {
  let broken = true;
  const read = (index: number) => {
    if (broken && index === 9) throw new Error("torn file");
    return inputs[index]!;
  };
  const source = await lazy(read, { name: "pictures", targets: labels, classes: 3 });
  const model = network();
  await assert.rejects(
    fit(model, source, options),
    (error: unknown) =>
      error instanceof DataError &&
      error.message === "pictures: read: expected an input for each example, got torn file for example 9.",
  );
  broken = false;
  await fit(model, source, options);
});

test("a stream trains as an array in its order does, also where it is shuffled", async () => {
  const plain = await fromStream(stream(examples), { classes: 3 });
  assert.equal(plain.size, size);
  const shape: readonly [number] = plain.inputShape;
  assert.deepEqual(shape, [3]);
  assert.deepEqual(await trained(plain), await trained(whole, { shuffle: false }));
  const run = await fit(network(), plain, { ...options, maxSteps: 2 });
  assert.equal(run.history.steps.length, 2);
  const shuffled = () =>
    fromStream(stream(examples).shuffle({ buffer: 10, seed: 3 }).prefetch(2), { classes: 3, size });
  const [one, other] = [await trained(await shuffled()), await trained(await shuffled())];
  assert.deepEqual(one, other);
  assert.notDeepEqual(one, await trained(plain));
});

test("a run over a shuffled stream that goes on from a checkpoint ends in the same bytes", async () => {
  const directory = mkdtempSync(join(tmpdir(), "nabla-stream-"));
  try {
    const make = () => fromStream(stream(examples).shuffle({ buffer: 10, seed: 3 }), { classes: 3, size });
    const expected = await trained(await make());
    const checkpoint = { directory, every: 1 };
    for await (const step of steps(network(), (await make()) as never, { ...options, checkpoint }))
      if (step.step === 9) break;
    const model = network();
    await fit(model, (await make()) as never, { ...options, checkpoint });
    assert.deepEqual(numbersOf(model), expected);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a stream as long as it likes holds no more than two batches", async () => {
  let made = 0;
  const long = stream(function* (): Generator<Example> {
    for (let index = 0; index < 2000; index++) {
      made++;
      yield { x: inputs[index % size]!, y: index % 3 };
    }
  });
  const source = await fromStream(long, { classes: 3, size: 2000 });
  made = 0;
  for await (const step of steps(network(), source as never, { ...options, epochs: 1 })) {
    await setTimeout(0);
    assert.ok(made <= (step.step + 1) * 4, `${made} read at step ${step.step}`);
    if (step.step === 40) break;
  }
});

test("values are targets, too, and tokens stay whole numbers", async () => {
  const values = await fromStream(stream(inputs.map((x, index) => ({ x, y: index / 10 }))));
  await values.prepare([0, 1], 0);
  const { x, y } = values.batch([0, 1]);
  assert.deepEqual([x.shape, y.shape, y.dtype], [[2, 3], [2, 1], "float32"]);
  const tokens = await fromStream(stream([{ x: Int32Array.of(1, 2), y: Int32Array.of(0, 1) }]), { classes: 2 });
  await tokens.prepare([0], 0);
  const batch = tokens.batch([0]);
  assert.deepEqual([batch.x.dtype, batch.y.dtype, batch.y.shape], ["int32", "int32", [1, 2]]);
  const tensors = await lazy((index) => tf.tensor(inputs[index]!), { targets: labels, classes: 3 });
  assert.deepEqual(await trained(tensors), await trained(whole));
});

test("what is wrong with an example is told with its place", async () => {
  const bad = (example: object, place: number) => async () => {
    const list = examples.map((one, index) => (index === place ? { ...one, ...example } : one));
    return trained(
      (await fromStream(stream(list as Example<number[]>[]), { name: "rows", classes: 3, size })) as never,
    );
  };
  const tooLong = async () => trained((await fromStream(stream(examples), { classes: 3, size: 30 })) as never);
  const refused: [() => Promise<unknown>, RegExp][] = [
    [bad({ x: [1, 2] }, 6), /^rows: x: expected the shape of the first example, \[3\], got \[2\] in example 6\.$/],
    [bad({ x: [1, Number.NaN, 2] }, 7), /^rows: x: expected finite numbers, got NaN in example 7, number 1\.$/],
    [bad({ y: 3 }, 8), /^rows: y of example 8: expected class indices from 0 to 2 \(3 classes\), got 3/],
    [bad({ x: [[1], [2, 3]] }, 0), /^rows: x of example 0: expected rows of one length/],
    [
      () => fromStream(stream<Example>([])),
      /^fromStream: your stream: expected at least one example, got an empty stream\.$/,
    ],
    [
      () => fromStream(stream<Example>([{ x: [1] }] as never)),
      /^your stream: expected examples \{ x, y \}, got .* as example 0\.$/,
    ],
    [tooLong, /^your stream: expected 30 examples, got 22 in epoch 0\./],
    [
      () => lazy((index) => inputs[index]!, { targets: [0, 5], classes: 3 }),
      /^lazy: targets: expected class indices from 0 to 2/,
    ],
    [() => lazy((index) => inputs[index]!, { targets: [] }), /expected at least one example, got an empty data set/],
  ];
  for (const [call, message] of refused) {
    await assert.rejects(
      call(),
      (error: unknown) => error instanceof DataError && message.test(error.message),
      String(message),
    );
  }
  const source = await fromStream(stream(examples), { classes: 3 });
  assert.throws(
    () => subset(source, [1, 2]),
    /^ValueError: subset: expected a data set of examples that can be chosen/,
  );
  assert.throws(() => source.x(3), ValueError);
  await assert.rejects(trained(source as never, { validate: 0.2 }), ValueError);
});
