import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import { adam } from "../../../src/optim/index.js";
import { dataStore, loadedTensorFlow } from "../../../src/runtime/backend.js";
import { DataStore } from "../../../src/runtime/data-store.js";
import { compile, memory } from "../../../src/runtime/index.js";
import { allWards } from "../../../src/runtime/orphans.js";
import * as tf from "../../../src/runtime/tf.js";
import { fit } from "../../../src/train/index.js";
import { options, points } from "../train/small.js";

before(() => {
  tf.scalar(1).add(1).dataSync();
});

/** What lives on because of what was made here and is nobody's any more. */
function alive(): { tensors: number; bytes: number; handles: number; wards: number; counted: number } {
  const { tensors, bytes } = memory();
  const handles = loadedTensorFlow()!.tensors.count;
  return { tensors, bytes, handles, wards: [...allWards()].length, counted: tf.memory().numTensors };
}

/** Lets the running job end, and with it what V8 keeps for its sake. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("tensors that nobody refers to are freed, those that somebody refers to are not", async () => {
  const before = alive();
  const kept = tf.tensor1d([1, 2, 3, 4]);
  const views = (() => {
    const sum = kept.add(1);
    kept.mul(3).reshape([2, 2]);
    return [sum.reshape([2, 2]), sum.slice(1, 2)];
  })();
  await turn();
  assert.equal(memory().tensors, before.tensors + 3);
  assert.deepEqual(
    views.map((view) => view.arraySync()),
    [
      [
        [2, 3],
        [4, 5],
      ],
      [3, 4],
    ],
  );
  views.length = 0;
  await turn();
  assert.equal(memory().tensors, before.tensors + 1);
  assert.deepEqual(kept.arraySync(), [1, 2, 3, 4]);
});

test("a loop that never waits and drops large tensors stays small", () => {
  const before = memory().bytes;
  let [most, sum] = [0, tf.scalar(0)];
  for (let i = 0; i < 300; i++) {
    sum = sum.add(tf.fill([1024, 1024], i).mean());
    most = Math.max(most, tf.memory().numBytes);
  }
  assert.equal(sum.dataSync()[0], (299 * 300) / 2);
  assert.ok(most - before < 300 * 2 ** 20, `${most}`);
});

test("a loop that makes very many small tensors stays small, too", () => {
  let most = 0;
  const x = tf.scalar(1);
  const limit = 60_000;
  const store = dataStore()!;
  const { relieve } = store;
  // One collection of a full heap is as good as the first of ten.
  store.relieve = () => relieve.call(store, store.numDataIds() > limit / 4);
  try {
    for (let i = 0; i < limit; i++) {
      x.clone();
      tf.scalar(i);
      most = Math.max(most, store.numDataIds());
    }
  } finally {
    store.relieve = relieve;
  }
  assert.ok(most < limit / 2, `${most}`);
});

test("what TensorFlow.js counts is right after a collection", async () => {
  memory();
  const before = tf.memory();
  (() => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    x.clone().reshape([4]);
    tf.complex(x, x);
    tf.tensor1d(["a", "bc"]);
    x.greater(2);
    tf.variable(x);
  })();
  const { numTensors, numBytes } = tf.memory();
  assert.ok(numTensors >= before.numTensors + 7 && numBytes > before.numBytes);
  await turn();
  memory();
  const after = tf.memory();
  assert.deepEqual(
    [after.numTensors, after.numBytes, after.numDataBuffers],
    [before.numTensors, before.numBytes, before.numDataBuffers],
  );
});

test("a variable that nobody refers to ends, and its name is free again", async () => {
  const before = alive();
  const held = tf.variable(tf.scalar(1), true, "lifetimes-held");
  const copy = (() => {
    const lost = tf.variable(tf.tensor1d([1, 2]), true, "lifetimes-lost");
    lost.assign(lost.add(1));
    return lost.clone();
  })();
  const { registeredVariables } = tf.engine();
  assert.ok("lifetimes-lost" in registeredVariables);
  await turn();
  memory();
  assert.ok(!Object.keys(registeredVariables).includes("lifetimes-lost"));
  assert.equal(registeredVariables["lifetimes-held"], held);
  assert.deepEqual(copy.arraySync(), [2, 3]);
  tf.variable(tf.scalar(5), true, "lifetimes-lost").assign(tf.scalar(6));
  assert.equal(memory().tensors > before.tensors, true);
  held.dispose();
});

test("a dropped model takes its weights, the optimizer's memory and all that was compiled with it", async () => {
  const use = async () => {
    const net = nn.sequential(nn.input(2), nn.dense(8), nn.dropout(0.1), nn.relu(), nn.dense(3));
    const run = await fit(net, points(64), { ...options(), optimizer: adam(0.01), epochs: 2 });
    const double = compile((x: tf.Tensor) => net.forward(x).mul(2));
    const x = tf.randomUniform([4, 2]);
    net.predict(x);
    net.predict(x);
    double(x);
    return run.epochs;
  };
  const settle = async () => {
    for (let i = 0; i < 3; i++) await turn();
    return alive();
  };
  await use();
  const before = await settle();
  for (let i = 0; i < 5; i++) await use();
  assert.deepEqual(await settle(), before);
});

test("a compiled function does not keep the tensors that it was traced with", async () => {
  const before = memory();
  const double = compile((x: tf.Tensor) => tf.tidy(() => x.mul(2)));
  (() => double(tf.ones([1000, 1000])))();
  await turn();
  assert.equal(memory().bytes, before.bytes);
  assert.deepEqual(double(tf.tensor1d([1, 2])).arraySync(), [2, 4]);
});

test("2,000 compiled steps and 50 runs of fit again leave nothing behind", async () => {
  const weights = tf.variable(tf.zeros([32, 32]));
  const step = compile((x: tf.Tensor) => {
    weights.assign(weights.add(x.mean()));
    return weights.sum();
  });
  const net = nn.sequential(nn.input(2), nn.dense(8), nn.relu(), nn.dense(3));
  const data = points(32);
  const rounds = async (steps: number, runs: number) => {
    for (let i = 0; i < steps; i++) step(tf.ones([4]));
    for (let i = 0; i < runs; i++) await fit(net, data, { ...options(), optimizer: adam(0.01), epochs: 1 });
    for (let i = 0; i < 3; i++) await turn();
    const { rss } = process.memoryUsage();
    return { ...alive(), rss };
  };
  const before = await rounds(200, 5);
  const after = await rounds(2000, 50);
  assert.deepEqual({ ...after, rss: 0 }, { ...before, rss: 0 });
  assert.ok(after.rss - before.rss < 60e6, `${(after.rss - before.rss) / 1e6} MB`);
  assert.equal(weights.isDisposed, false);
});

test("tensors in use are never freed: clones, parts, gradients, with a collection at every chance", () => {
  const store = dataStore()!;
  let chances = 0;
  const play = (): number[] => {
    const random = generator(7);
    const pool: tf.Tensor[] = [tf.linspace(0, 1, 12), tf.linspace(-1, 1, 12)];
    const weight = tf.variable(tf.linspace(0.5, 1, 12));
    const step = compile((x: tf.Tensor) => x.mul(weight).sin());
    for (let i = 0; i < 120; i++) {
      const [x, y] = [pool[random(pool.length)]!, pool[random(pool.length)]!];
      const made = [
        () => x.clone(),
        () => x.reshape([3, 4]).transpose().reshape([12]),
        () => x.slice(3, 6).concat(y.slice(0, 6)),
        () => x.add(y).tanh(),
        () => tf.tidy(() => tf.keep(x.mul(2)).sub(y)),
        () => tf.grad((x) => x.mul(y).sigmoid().sum())(x),
        () =>
          tf.grad((x) =>
            tf
              .grad((x) => x.sin().mul(y).sum())(x)
              .square()
              .sum(),
          )(x),
        () => step(x),
        () => {
          weight.assign(weight.mul(0.9).add(x.mul(0.1)).as1D());
          return weight.clone();
        },
      ][random(9)]!();
      if (pool.length < 8) pool.push(made);
      else pool[random(pool.length)] = made;
    }
    return pool.flatMap((tensor) => [...tensor.dataSync()]);
  };
  const expected = play();
  store.relieve = function (this: DataStore) {
    if (chances++ % 3 === 0) DataStore.prototype.relieve.call(this, true);
  };
  try {
    assert.deepEqual(play(), expected);
  } finally {
    Reflect.deleteProperty(store, "relieve");
  }
  assert.ok(chances > 200, String(chances));
});

test("a report names the lines that made what is there", async () => {
  const old = tf.ones([10]);
  await turn();
  memory.track();
  const kept: tf.Tensor[] = [];
  function make(): void {
    for (let i = 0; i < 3; i++) kept.push(tf.ones([1000]));
    kept.push(tf.ones([500]));
  }
  make();
  memory.track(false);
  const lines = memory.report().filter(({ line }) => line.includes("lifetimes.test"));
  assert.deepEqual(
    lines.map(({ tensors, bytes }) => [tensors, bytes]),
    [
      [3, 12000],
      [1, 2000],
    ],
  );
  assert.match(lines[0]!.line, /^[^ ]*lifetimes\.test\.js:\d+:\d+$/);
  assert.ok(memory.report().some(({ line, bytes }) => line === "" && bytes >= 40));
  assert.equal(old.size, 10);
});

/** Whole numbers below a limit, the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
