/** Layers held against what somebody else computed: test/fixtures/NAME.json, which test/fixtures/NAME.py made. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Model } from "../src/nn/module.js";
import * as tf from "../src/runtime/tf.js";
import { assertClose, fill, fillWeights } from "./parity.js";
import { root } from "./root.js";

/** What every such file has. */
export interface Fixture {
  /** Public name → what it was compared with. */
  readonly items: Readonly<Record<string, string>>;
}

/** A file of layers: what came out, and the gradients of the sum of that times "probe". */
export interface LayerFixture extends Fixture {
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly shape: readonly number[];
        readonly output: readonly number[];
        readonly gradients: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
}

/** A layer as it is held against it. */
export interface LayerCase {
  readonly model: Model;
  readonly batch: number;
  /** What the input "x", even between −1 and 1, is multiplied by. Default 1. */
  readonly scale?: number;
}

export function readFixture<T extends Fixture>(name: string): T {
  return JSON.parse(readFileSync(join(root, `test/fixtures/${name}.json`), "utf8")) as T;
}

/** Tests that each layer computes what the file says, forward to 1e-5 and its gradients to 1e-4, and that no item is left out. */
export function testLayers(cases: Readonly<Record<string, LayerCase>>, { items, layers }: LayerFixture): void {
  test("every case of the oracle is tested here, and every name it answers for is among them", () => {
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(layers).sort());
    const named = new Set(Object.keys(cases).map((name) => name.split(" ")[0]));
    assert.deepEqual([...named].sort(), Object.keys(items).sort());
  });

  for (const [name, { model, batch, scale = 1 }] of Object.entries(cases)) {
    test(`${name} computes what ${items[name.split(" ")[0]!]} computes, and its gradients`, () => {
      const expected = layers[name]!;
      const x = tf.variable(fill("x", batch, ...model.inputShape).mul(scale));
      fillWeights(model);
      const output = model.predict(x);
      assert.deepEqual(output.shape, expected.shape);
      assert.deepEqual(output.shape.slice(1), model.outputShape, "the shape promised by the model");
      assertClose(output, expected.output, 1e-5, "output");

      const probe = fill("probe", ...expected.shape);
      const variables = [...model.parameters.map(({ variable }) => variable), x];
      const { grads } = tf.variableGrads(() => model.forward(x, { training: true }).mul(probe).sum(), variables);
      const paths = [...model.parameters.map(({ path }) => path), "x"];
      assert.deepEqual([...paths].sort(), Object.keys(expected.gradients).sort());
      paths.forEach((path, index) => {
        assertClose(grads[variables[index]!.name]!, expected.gradients[path]!, 1e-4, `gradient of ${path}`);
      });
    });
  }
}

/** Throws unless every call throws an error whose name and message begin so: `ValueError: elu: alpha: expected`. */
export function assertRefused(cases: readonly (readonly [call: () => unknown, message: RegExp])[]): void {
  for (const [call, message] of cases) assert.throws(call, message, String(message));
}
