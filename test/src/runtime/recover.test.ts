import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { runInThisContext } from "node:vm";
import { type Host, hostSymbol } from "../../../src/door.js";
import { theEngine } from "../../../src/runtime/engine.js";
import { recover } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";

/** Runs code and tears it after 300 ms, as an interrupt does: neither `catch` nor `finally` runs. */
function tear(work: () => void): void {
  const global = globalThis as { torn?: () => void };
  let unwound = false;
  global.torn = () => {
    try {
      work();
    } finally {
      unwound = true;
    }
  };
  assert.throws(() => runInThisContext("torn()", { timeout: 300 }), { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
  assert.equal(unwound, false);
}

/** Never comes back, so that what called it is torn where it stands. */
function forEver(): never {
  for (;;);
}

before(() => {
  // TensorFlow loads its kernels at their first use, which takes longer than a tear waits.
  tf.tidy(() => tf.grad((x) => x.square().exp().mul(2).add(1).sum())(tf.scalar(1)));
});
beforeEach(recover);

function isInOrder(): void {
  const { state } = theEngine();
  assert.deepEqual(
    [state.scopeStack.length, state.activeScope, state.gradientDepth, state.kernelDepth, state.activeTape],
    [0, null, 0, 0, null],
  );
  assert.deepEqual(
    tf
      .grad((x) => x.mul(x))(tf.scalar(3))
      .arraySync(),
    6,
  );
}

test("tensors of scopes that were torn are freed, those outside and those kept are not", () => {
  const outside = tf.tensor1d([1, 2]);
  const before = tf.memory().numTensors;
  let kept: tf.Tensor | undefined;
  tear(() =>
    tf.tidy(() => {
      outside.add(1);
      tf.tidy(() => {
        kept = tf.keep(outside.mul(2));
        forEver();
      });
    }),
  );
  assert.ok(tf.memory().numTensors >= before + 2);
  recover();
  assert.equal(tf.memory().numTensors, before + 1);
  assert.deepEqual(
    [outside.arraySync(), kept?.arraySync()],
    [
      [1, 2],
      [2, 4],
    ],
  );
  isInOrder();
});

test("a torn gradient leaves no tape and none of the tensors that it saved", () => {
  const x = tf.tensor1d([1, 2, 3]);
  const before = tf.memory().numTensors;
  tear(() => {
    tf.grad((x) => {
      x.square().exp().sum();
      return forEver();
    })(x);
  });
  assert.ok(tf.memory().numTensors > before + 3);
  recover();
  assert.equal(tf.memory().numTensors, before);
  isInOrder();
});

test("a tear on the way back through a gradient is put in order too", () => {
  const x = tf.tensor1d([1, 2, 3]);
  const before = tf.memory().numTensors;
  const stuck = tf.customGrad((x) => ({ value: (x as tf.Tensor).clone(), gradFunc: () => forEver() }));
  tear(() => {
    tf.grad((x) => stuck(x.square()).sum())(x);
  });
  recover();
  assert.equal(tf.memory().numTensors, before);
  isInOrder();
});

test("a tear inside of a kernel does not turn gradients off", () => {
  tf.registerKernel({ kernelName: "Endless", backendName: "tensorflow", kernelFunc: forEver });
  tear(() => {
    tf.grad(() => tf.engine().runKernel("Endless", {}))(tf.scalar(1));
  });
  assert.ok(theEngine().state.kernelDepth > 0);
  recover();
  isInOrder();
});

test("variables live on, with their values", () => {
  const weights = tf.variable(tf.tensor1d([1, 2]));
  tear(() =>
    tf.tidy(() => {
      weights.assign(weights.add(1));
      forEver();
    }),
  );
  recover();
  assert.deepEqual(weights.arraySync(), [2, 3]);
  weights.dispose();
});

test("where nothing was torn, nothing changes", () => {
  const x = tf.tensor1d([1]);
  const before = tf.memory().numTensors;
  recover();
  recover();
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(x.arraySync(), [1]);
});

test("a notebook is told how to recover", async () => {
  const recoveries: (() => void)[] = [];
  const global = globalThis as { [hostSymbol]?: Partial<Host> };
  global[hostSymbol] = { onTorn: (listener) => recoveries.push(listener) };
  try {
    const again = new URL("../../../src/runtime/tf.js?again", import.meta.url).href;
    await import(again);
  } finally {
    delete global[hostSymbol];
  }
  assert.equal(recoveries.length, 1);
  tear(() => tf.tidy(forEver));
  recoveries[0]?.();
  isInOrder();
});
