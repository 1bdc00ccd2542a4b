/**
 * Convolutions, pools and their like against Keras 3.15 and PyTorch 2.13, forward and backward, run operation by operation and
 * compiled; test/fixtures/convolutions.py made the numbers.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as nn from "../../../src/nn/index.js";
import { callText } from "../../../src/nn/layer.js";
import { compile } from "../../../src/runtime/index.js";
import * as tf from "../../../src/runtime/tf.js";
import { assertClose, fill, fillWeights } from "../../parity.js";
import { root } from "../../root.js";

interface Case {
  readonly layer: string;
  readonly arguments: readonly unknown[];
  readonly options: object;
  readonly input: readonly number[];
  readonly shape: readonly number[];
  readonly output: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const text = readFileSync(join(root, "test/fixtures/convolutions.json"), "utf8");
const { items, cases } = JSON.parse(text) as { items: Record<string, string>; cases: Case[] };
const makers = nn as unknown as Readonly<Record<string, (...given: unknown[]) => nn.Layer>>;

test("every layer of the list has a case", () => {
  assert.deepEqual(new Set(cases.map(({ layer }) => layer)), new Set(Object.keys(items)));
});

for (const { layer, arguments: values, options, input, shape, output, gradients } of cases) {
  const label = callText(layer, values, options);
  test(`${label} on [${input.slice(1).join(", ")}] computes what ${items[layer]} computes, and its gradients`, () => {
    const made = makers[layer]!(...values, ...(Object.keys(options).length > 0 ? [options] : []));
    assert.equal(made.label, label);
    const model: nn.Model = nn.sequential(nn.input(...input.slice(1)), made);
    assert.deepEqual(model.outputShape, shape.slice(1), "the shape promised by the model");
    fillWeights(model);
    const x = fill("x", ...input);
    // A model is compiled in its second call.
    for (const way of ["once", "compiled"]) {
      const made = model.predict(x);
      assert.deepEqual(made.shape, shape, way);
      assertClose(made, output, 1e-5, `output, ${way}`);
    }
    const probe = fill("probe", ...shape);
    const ways = { once: gradientsOf(model), compiled: compile(gradientsOf(model)) };
    const paths = [...model.parameters.map(({ path }) => path), "x"];
    assert.deepEqual(paths.sort(), Object.keys(gradients).sort());
    for (const [way, derive] of Object.entries(ways)) {
      const derived = derive(x, probe);
      for (const path of paths) assertClose(derived[path]!, gradients[path]!, 1e-4, `gradient of ${path}, ${way}`);
    }
  });
}

/** The gradients of the sum of what comes out times `probe`. */
function gradientsOf(model: nn.Model): (x: tf.Tensor, probe: tf.Tensor) => Record<string, tf.Tensor> {
  return (x, probe) => {
    const loss = (x: tf.Tensor) => model.forward(x, { training: true }).mul(probe).sum() as tf.Scalar;
    const found = { x: tf.grad(loss)(x) };
    if (model.parameters.length === 0) return found;
    const variables = model.parameters.map(({ variable }) => variable);
    const { grads } = tf.variableGrads(() => loss(x), variables);
    return {
      ...found,
      ...Object.fromEntries(model.parameters.map(({ path, variable }) => [path, grads[variable.name]!])),
    };
  };
}
