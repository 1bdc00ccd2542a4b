/** Clipping of gradients against PyTorch 2.13 and optax; test/fixtures/optim.py made the numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import { sgd } from "../../../src/optim/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { squaredNorm } from "../../../src/tensor/norm.js";
import { fit } from "../../../src/train/index.js";
import { type ClipOptions, clipNames, clipOf } from "../../../src/train/step/clip.js";
import { assertClose, fill } from "../../parity.js";
import { flat, inJavaScript, makeParameters, noise, oracle } from "../optim/problem.js";
import { network, numbers, options, points } from "./small.js";

const most: Required<ClipOptions> = { clipNorm: 1.5, clipParameterNorm: 2, clipValue: 0.7, clipAdaptive: 0.5 };

test("every way to clip has its oracle", () => {
  assert.deepEqual(Object.keys(oracle.clips).sort(), [...clipNames].sort());
  for (const name of clipNames) assert.ok(oracle.items[name], name);
});

/** A matrix, a vector (a very short one) and filters, whose units are measured by themselves. */
const adaptive = Object.entries({ w: [3, 4], b: [4], f: [2, 2, 3, 2] });

function clip(name: keyof ClipOptions): tf.Tensor {
  const isAdaptive = name === "clipAdaptive";
  const parameters = isAdaptive
    ? adaptive.map(([path, shape]) => ({
        path,
        variable: tf.variable(fill(path, ...shape).mul(path === "b" ? 1e-4 : 1)),
        trainable: true,
      }))
    : makeParameters().map((parameter) => ({ ...parameter, trainable: true }));
  const gradients = isAdaptive
    ? adaptive.map(([path, shape]) => fill(`gradient.${path}`, ...shape))
    : noise(0).map((gradient) => gradient.mul(2));
  const clipped = clipOf({ [name]: most[name] })!(gradients, parameters, squaredNorm(gradients));
  return flat(clipped.map((variable) => ({ variable })));
}

for (const name of clipNames) {
  test(`${name} makes of gradients what its oracle does`, async () => {
    assertClose(clip(name), oracle.clips[name]!, 1e-5, name);
    await inJavaScript(() => assertClose(clip(name), oracle.clips[name]!, 1e-5, name));
  });

  test(`${name} is part of a compiled step: a small limit makes it small, a large one leaves it alone`, async () => {
    const moved = async (more: ClipOptions) => {
      const net = network();
      const before = numbers(net);
      const run = await fit(net, points(), { ...options(), ...more, optimizer: sgd(1), maxSteps: 1 });
      const far = Math.hypot(...numbers(net).map((value, index) => value - before[index]!));
      return { far, norm: run.history.steps.gradientNorm[0]! };
    };
    const [plain, loose, tight] = [await moved({}), await moved({ [name]: 1e6 }), await moved({ [name]: 1e-4 })];
    assert.ok(Math.abs(loose.far - plain.far) < 1e-5 * plain.far, `${loose.far}, ${plain.far}`);
    assert.ok(tight.far > 0 && tight.far < 0.01 * plain.far, `${tight.far}, ${plain.far}`);
    assert.equal(tight.norm, plain.norm, "the norm told is the one before");
  });
}

test("limits that cannot be are refused, and so are two at once", async () => {
  for (const name of clipNames) {
    for (const bad of [0, -1, Number.NaN, "1"]) {
      const message = new RegExp(`^ValueError: fit: ${name}: expected a number above 0, got `);
      assert.throws(() => clipOf({ [name]: bad }), message);
    }
    assert.equal(clipOf({ [name]: Number.POSITIVE_INFINITY }), undefined);
  }
  await assert.rejects(fit(network(), points(), { ...options(), clipNorm: 1, clipValue: 1 }), (error) => {
    assert.ok(error instanceof ValueError);
    assert.equal(error.message, "fit: clipValue: expected one way to clip gradients, got clipNorm and clipValue.");
    return true;
  });
  const mistyped = { ...options(), clipvalue: 1 } as object as ReturnType<typeof options>;
  await assert.rejects(fit(network(), points(), mistyped), /got 'clipvalue'\. Did you mean 'clipValue'\?$/);
});
