/** Functions of tensors as functions of TensorFlow. The oracle is the same function, run operation by operation. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RuntimeError, ValueError } from "../../../src/errors.js";
import { afterRun, compile, fed, when } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

test("a compiled function gives what the function gives, in its first call and later", () => {
  const work = (x: tf.Tensor, y: tf.Tensor) => x.matMul(y).softmax().sum(0).add(x.mean());
  const quick = compile(work);
  for (let call = 0; call < 4; call++) {
    const [x, y] = [tf.randomNormal([3, 4]), tf.randomNormal([4, 5])];
    const [expected, got] = [numbers(work(x, y)), numbers(quick(x, y))];
    got.forEach((value, index) => {
      assert.ok(Math.abs(value - expected[index]!) < 1e-6);
    });
  }
});

test("the function itself is called only while it is traced, once more for another shape", () => {
  let calls = 0;
  const quick = compile((x: tf.Tensor) => {
    calls++;
    return x.square();
  });
  for (let call = 0; call < 5; call++) quick(tf.tensor([call]));
  assert.equal(calls, 2);
  assert.deepEqual(numbers(quick(tf.tensor([1, 2, 3]))), [1, 4, 9]);
  assert.equal(calls, 3);
});

test("tensors stand anywhere in arguments and result; other arguments are fixed", () => {
  const quick = compile((input: { x: tf.Tensor; rest: tf.Tensor[] }, power: number) => ({
    powers: [input.x.pow(power), tf.addN(input.rest)],
    power,
  }));
  const input = (...values: number[]) => ({ x: tf.tensor(values), rest: [tf.tensor(values), tf.tensor(values)] });
  for (const power of [2, 3, 2]) {
    const { powers, power: said } = quick(input(1, 2, 3), power);
    assert.deepEqual(powers.map(numbers), [
      [1, 2 ** power, 3 ** power],
      [2, 4, 6],
    ]);
    assert.equal(said, power);
  }
});

test("variables are read and changed as in a normal run, in the order of the function", () => {
  const counter = tf.variable(tf.tensor([0, 10]));
  const quick = compile((x: tf.Tensor) => {
    const before = counter.add(0);
    counter.assign(counter.add(x));
    counter.assign(counter.mul(2));
    return [before, counter.add(0)];
  });
  let expected = [0, 10];
  for (const x of [1, 2, 3, 4]) {
    const [before, after] = quick(tf.tensor([x, x]));
    assert.deepEqual(numbers(before!), expected);
    expected = expected.map((value) => 2 * (value + x));
    assert.deepEqual(numbers(after!), expected);
    assert.deepEqual(numbers(counter), expected);
  }
  counter.assign(tf.tensor([7, 7]));
  assert.deepEqual(numbers(quick(tf.tensor([0, 0]))[0]!), [7, 7]);
});

test("what was cloned of a variable keeps its value when a compiled function changes the variable", () => {
  const variable = tf.variable(tf.tensor([1, 2]));
  const quick = compile(() => {
    variable.assign(variable.add(1));
    return variable.add(0);
  });
  const clones: tf.Tensor[] = [];
  for (let call = 0; call < 3; call++) {
    clones.push(variable.clone());
    quick();
  }
  assert.deepEqual(clones.map(numbers), [
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

test("tensors from outside are read where they are, small and large, and outlive their owner", () => {
  for (const size of [3, 400_000]) {
    const outside = tf.fill([size], 2);
    const quick = compile((x: tf.Tensor) => x.mul(outside).sum());
    const call = () => quick(tf.ones([size])).dataSync()[0];
    assert.equal(call(), 2 * size);
    outside.dispose();
    assert.equal(call(), 2 * size);
  }
});

test("a variable as an argument is its present value", () => {
  const [a, b] = [tf.variable(tf.tensor([1, 2])), tf.variable(tf.tensor([5, 6]))];
  const quick = compile((x: tf.Tensor) => x.mul(2));
  assert.deepEqual(
    [a, b, a].map((x) => numbers(quick(x))),
    [
      [2, 4],
      [10, 12],
      [2, 4],
    ],
  );
});

test("one tensor given twice is not taken for two", () => {
  const quick = compile((x: tf.Tensor, y: tf.Tensor) => x.sub(y));
  const [one, two] = [tf.tensor([1]), tf.tensor([2])];
  assert.deepEqual([quick(one, one), quick(two, one), quick(one, two)].map(numbers), [[0], [1], [-1]]);
});

test("gradients are compiled too, also second ones", () => {
  const slope = tf.grad((x: tf.Tensor) => x.pow(3).sum());
  const curve = compile((x: tf.Tensor) => tf.grad((y: tf.Tensor) => slope(y).sum())(x));
  for (let call = 0; call < 3; call++) assert.deepEqual(numbers(curve(tf.tensor([1, 2]))), [6, 12]);
});

test("values that are fed and effects happen anew in every run, under their condition", () => {
  const variable = tf.variable(tf.scalar(0));
  let runs = 0;
  const quick = compile((x: tf.Tensor) => {
    const step = fed([], "float32", () => [runs + 1]);
    when(x.greater(0), () => {
      variable.assign(variable.add(step).asScalar());
      afterRun(() => {
        runs++;
      });
    });
    return step;
  });
  const steps = [1, 1, -1, 1, 1].map((x) => numbers(quick(tf.scalar(x)))[0]);
  assert.deepEqual(steps, [1, 2, 3, 3, 4]);
  assert.equal(runs, 4);
  assert.deepEqual(numbers(variable), [1 + 2 + 3 + 4]);
});

test("random tensors are new in every run, and the same again after the same seed", () => {
  const quick = compile((x: tf.Tensor) => tf.dropout(x, 0.5).add(tf.randomNormal([8])));
  const draws = [0, 1, 2].map(() => numbers(quick(tf.ones([8]))).join());
  assert.equal(new Set(draws).size, 3);
});

test("reading values inside is refused where it stands, and changes nothing", () => {
  const variable = tf.variable(tf.scalar(1));
  const quick = compile((x: tf.Tensor) => {
    variable.assign(variable.add(1));
    return x.mul(x.dataSync()[0]!);
  });
  assert.throws(
    () => quick(tf.scalar(2)),
    (error) => error instanceof ValueError && /reads them .*Return the tensor/.test(error.message),
  );
  assert.deepEqual(numbers(variable), [1]);
});

test("randomness of JavaScript is found out, with its place", () => {
  const quick = compile((x: tf.Tensor) => x.mul(Math.random()));
  assert.throws(
    () => quick(tf.scalar(2)),
    (error) => {
      assert.ok(error instanceof RuntimeError);
      assert.match(error.message, /two runs with equal inputs differ at Mul.*Pass what changes as an argument/);
      assert.match(String((error.cause as Error).stack), /compile\.test/);
      return true;
    },
  );
});

test("a shape that depends on values is found out", () => {
  const quick = compile((x: tf.Tensor) => tf.range(0, 3).add(x).tile([2]).reshape([-1]));
  assert.deepEqual(numbers(quick(tf.scalar(1))), [1, 2, 3, 1, 2, 3]);
});

test("shapes that do not fit are refused in the words of a normal run, before anything runs", () => {
  const quick = compile((x: tf.Tensor, y: tf.Tensor) => x.add(y));
  quick(tf.ones([2]), tf.ones([2]));
  assert.throws(() => quick(tf.ones([2]), tf.ones([3])));
  assert.deepEqual(numbers(quick(tf.ones([3]), tf.ones([3]))), [2, 2, 2]);
});

test("what TensorFlow refuses in a run names the operation and its place, and no variable has changed", () => {
  const changed = tf.variable(tf.scalar(1));
  const quick = compile((table: tf.Tensor, indices: tf.Tensor) => {
    changed.assign(changed.add(1));
    return tf.gather(table, indices as tf.Tensor1D);
  });
  const table = tf.tensor2d([[1], [2]]);
  assert.deepEqual(numbers(quick(table, tf.tensor1d([1, 0], "int32"))), [2, 1]);
  assert.throws(
    () => quick(table, tf.tensor1d([1, 9], "int32")),
    (error) => {
      assert.ok(error instanceof RuntimeError);
      assert.match(error.message, /GatherV2.* = 9 is not in \[0, 2\)/);
      assert.match(String((error.cause as Error).stack), /compile\.test/);
      return true;
    },
  );
  assert.deepEqual(numbers(changed), [2]);
});

test("so it does where nothing changes and one thread runs all", () => {
  const quick = compile((table: tf.Tensor, indices: tf.Tensor) => tf.gather(table, indices as tf.Tensor1D));
  const table = tf.tensor2d([[1], [2]]);
  quick(table, tf.tensor1d([1, 0], "int32"));
  assert.throws(() => quick(table, tf.tensor1d([1, 9], "int32")), /GatherV2.* = 9 is not in \[0, 2\)/);
});

test("tensors do not pile up, whatever the number of runs", () => {
  const quick = compile((x: tf.Tensor) => x.square().sum());
  const x = tf.tensor([1, 2]);
  quick(x).dispose();
  const before = tf.memory().numTensors;
  for (let run = 0; run < 500; run++) quick(x).dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("a compiled function inside another one is part of it", () => {
  const inner = compile((x: tf.Tensor) => x.add(1));
  const outer = compile((x: tf.Tensor) => inner(x).mul(2));
  assert.deepEqual(
    [1, 2, 3].map((x) => numbers(outer(tf.scalar(x)))[0]),
    [4, 6, 8],
  );
});

test("XLA gives the same, and says once how long it took to compile", (context) => {
  const { mock } = context.mock.method(console, "warn", () => {});
  const work = (x: tf.Tensor) => x.square().add(1).log().sum();
  const quick = compile(work, { jit: "xla" });
  const x = tf.tensor([1, 2, 3]);
  for (let call = 0; call < 2; call++) {
    assert.ok(Math.abs(numbers(quick(x))[0]! - numbers(work(x))[0]!) < 1e-5);
  }
  assert.equal(mock.callCount(), 1);
  assert.match(String(mock.calls[0]!.arguments[0]), /^XLA compiled work in \d+\.\d s\.$/);
});

test("mixed precision computes products in bfloat16 and gives back float32", () => {
  const quick = compile((x: tf.Tensor, y: tf.Tensor) => x.matMul(y).add(1e-3), { precision: "mixed-bf16" });
  const [x, y] = [tf.randomNormal([16, 64]), tf.randomNormal([64, 16])];
  const [exact, got] = [numbers(x.matMul(y).add(1e-3)), numbers(quick(x, y))];
  const worst = Math.max(...exact.map((value, index) => Math.abs(value - got[index]!)));
  // 8 bits of mantissa: wrong, but not by much; no error at all would mean that nothing was reduced.
  assert.ok(worst > 1e-4 && worst < 0.3, String(worst));
});
