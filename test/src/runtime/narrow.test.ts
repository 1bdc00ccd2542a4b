import assert from "node:assert/strict";
import { test } from "node:test";
import { TF } from "../../../src/runtime/dtypes.js";
import { flops } from "../../../src/runtime/narrow.js";
import { runAlone, urlOf } from "./alone.js";

/** An operation over tensors of these shapes. */
function counted(name: string, inputs: readonly number[][], output: readonly number[]): number {
  const known = (id: number) => ({ shape: inputs[id]!, dtype: TF.FLOAT });
  const outputs = [{ id: 100, shape: [...output], dtype: TF.FLOAT }];
  return flops({ name, inputs: inputs.map((_, id) => id), outputs }, { known });
}

test("products and convolutions count two operations for each multiplication", () => {
  assert.equal(
    counted(
      "MatMul",
      [
        [3, 5],
        [5, 7],
      ],
      [3, 7],
    ),
    2 * 3 * 5 * 7,
  );
  assert.equal(
    counted(
      "MatMul",
      [
        [5, 3],
        [5, 7],
      ],
      [3, 7],
    ),
    2 * 3 * 5 * 7,
  );
  assert.equal(
    counted(
      "BatchMatMulV2",
      [
        [2, 4, 3, 5],
        [2, 4, 5, 7],
      ],
      [2, 4, 3, 7],
    ),
    2 * 8 * 3 * 5 * 7,
  );
  const [x, filter, y] = [
    [2, 9, 9, 3],
    [3, 3, 3, 16],
    [2, 7, 7, 16],
  ];
  const convolution = 2 * (2 * 7 * 7 * 16) * (3 * 3 * 3);
  assert.equal(counted("Conv2D", [x, filter], y), convolution);
  assert.equal(counted("Conv2DBackpropInput", [[4], filter, y], x), convolution);
  assert.equal(counted("Conv2DBackpropFilter", [x, [4], y], filter), convolution);
  const [each, many] = [
    [3, 3, 3, 4],
    [2, 7, 7, 12],
  ];
  const depthwise = 2 * (2 * 7 * 7 * 12) * (3 * 3);
  assert.equal(counted("DepthwiseConv2dNative", [x, each], many), depthwise);
  assert.equal(counted("DepthwiseConv2dNativeBackpropInput", [[4], each, many], x), depthwise);
  assert.equal(counted("DepthwiseConv2dNativeBackpropFilter", [x, [4], many], each), depthwise);
});

test("small and large plans change the same variables and give the same values as operations one by one", () => {
  const code = `
    const { compile, changeInPlace } = await import(${urlOf("runtime/index.js")});
    const weight = tf.variable(tf.fill([8, 8], 0.5));
    const add = (to, value) => changeInPlace("ResourceApplyGradientDescent", [to], [tf.scalar(-1), value]);
    const small = (x) => { add(weight, x.matMul(weight)); return weight.sum(); };
    const assigning = (x) => { weight.assign(weight.add(x.mean())); return weight.sum(); };
    const large = (x) => { weight.assign(weight.mul(0.5)); return x.matMul(x).mean().add(weight.sum()); };
    const [quickSmall, quickAssigning, quickLarge] = [compile(small), compile(assigning), compile(large)];
    const [few, many] = [tf.fill([8, 8], 0.1), tf.fill([600, 600], 0.01)];
    const values = [];
    for (let i = 0; i < 6; i++) values.push(quickSmall(few).dataSync()[0], quickAssigning(few).dataSync()[0], quickLarge(many).dataSync()[0]);
    console.log(values.join(" "));`;
  const quick = runAlone(code);
  const plain = runAlone(code, { NABLA_COMPILE: "off", NABLA_INTRA_OP_THREADS: "1" });
  assert.deepEqual([quick.stderr, plain.stderr], ["", ""]);
  const [mine, its] = [quick, plain].map(({ stdout }) => stdout.trim().split(" ").map(Number));
  assert.equal(mine!.length, 18);
  mine!.forEach((value, index) => {
    assert.ok(Math.abs(value - its![index]!) < 1e-4 * Math.abs(its![index]!), `${index}: ${value} for ${its![index]}`);
  });
});
