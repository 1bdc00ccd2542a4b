/** Convolutions, pools and their like in types: sizes that come out, and what does not fit, in the words of run time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NablaError } from "../../src/errors.js";
import * as nn from "../../src/nn/index.js";
import { compile } from "./compile.js";

/** Layers on an input, and the shape that comes out, which is also what run time says. */
const good: readonly [input: string, layers: string, output: string][] = [
  ["28, 4", "nn.conv1d(8, 3)", "[26, 8]"],
  ["28, 4", "nn.conv1d(8, 3, { stride: 2, padding: 'same' })", "[14, 8]"],
  ["28, 4", "nn.conv1d(8, 3, { dilation: 4 })", "[20, 8]"],
  ["28, 4", "nn.conv1d(8, 3, { padding: 'causal', dilation: 64 })", "[28, 8]"],
  ["27, 4", "nn.conv1d(8, 3, { padding: 'causal', stride: 2, groups: 4 })", "[14, 8]"],
  ["28, 20, 3", "nn.conv2d(8, [5, 3])", "[24, 18, 8]"],
  ["28, 20, 3", "nn.conv2d(8, 3, { stride: [1, 2] })", "[26, 9, 8]"],
  ["28, 20, 3", "nn.conv2d(8, [5, 3], { stride: [3, 2], padding: 'same' })", "[10, 10, 8]"],
  ["28, 20, 3", "nn.conv2d(8, 3, { dilation: [2, 3] })", "[24, 14, 8]"],
  ["28, 20, 6", "nn.conv2d(8, 3, { groups: 2 }), nn.conv2d(16, 1, { groups: 8 })", "[26, 18, 16]"],
  ["9, 8, 7, 2", "nn.conv3d(5, 3)", "[7, 6, 5, 5]"],
  ["9, 8, 7, 2", "nn.conv3d(5, [1, 3, 2], { stride: [2, 1, 3] })", "[5, 6, 2, 5]"],
  ["9, 8, 7, 2", "nn.conv3d(5, 3, { dilation: [1, 2, 3], padding: 'same' })", "[9, 8, 7, 5]"],
  ["10, 2", "nn.conv1dTranspose(5, 4, { stride: 2 })", "[22, 5]"],
  ["10, 2", "nn.conv1dTranspose(5, 2, { stride: 3 })", "[30, 5]"],
  ["10, 2", "nn.conv1dTranspose(5, 3, { stride: 2, dilation: 4 })", "[27, 5]"],
  ["7, 5, 2", "nn.conv2dTranspose(5, [3, 2], { stride: [2, 1] })", "[15, 6, 5]"],
  ["7, 5, 2", "nn.conv2dTranspose(5, 3, { stride: 2, padding: 'same' })", "[14, 10, 5]"],
  ["1, 5, 2", "nn.conv2dTranspose(5, 3)", "[3, 7, 5]"],
  ["3, 2, 1, 4", "nn.conv3dTranspose(5, 2, { stride: 2 })", "[6, 4, 2, 5]"],
  ["28, 3", "nn.depthwiseConv1d(3, { multiplier: 4, padding: 'causal' })", "[28, 12]"],
  ["28, 20, 3", "nn.depthwiseConv2d(3)", "[26, 18, 3]"],
  ["28, 20, 3", "nn.depthwiseConv2d([5, 1], { multiplier: 4, stride: 2 })", "[12, 10, 12]"],
  ["28, 20, 3", "nn.separableConv2d(8, 3, { multiplier: 2, padding: 'same' })", "[28, 20, 8]"],
  ["28, 3", "nn.separableConv1d(8, 3, { padding: 'causal' }), nn.separableConv1d(4, 2)", "[27, 4]"],
  ["28, 3", "nn.maxPool1d(3), nn.averagePool1d(2, { stride: 1, padding: 'same' })", "[9, 3]"],
  ["28, 20, 3", "nn.maxPool2d([2, 3]), nn.averagePool2d(2, { stride: [1, 2] })", "[13, 3, 3]"],
  ["9, 8, 7, 2", "nn.maxPool3d(2), nn.averagePool3d([1, 2, 3])", "[4, 2, 1, 2]"],
  ["28, 3", "nn.globalMaxPool1d()", "[3]"],
  ["28, 20, 3", "nn.globalMaxPool2d()", "[3]"],
  ["9, 8, 7, 2", "nn.globalAveragePool3d()", "[2]"],
  ["28, 3", "nn.adaptiveAveragePool1d(5), nn.globalAveragePool1d()", "[3]"],
  ["28, 20, 3", "nn.adaptiveMaxPool2d([3, 50]), nn.adaptiveAveragePool2d(7)", "[7, 7, 3]"],
  ["28, 20, 3", "nn.upSampling2d(2), nn.upSampling2d([1, 3], { interpolation: 'bilinear' })", "[56, 120, 3]"],
  ["28, 3", "nn.zeroPadding1d(2), nn.zeroPadding1d([0, 1]), nn.cropping1d([3, 0])", "[30, 3]"],
  ["28, 20, 3", "nn.zeroPadding2d([[0, 1], 2]), nn.cropping2d([1, [3, 4]])", "[27, 17, 3]"],
  ["4, 5, 6, 2", "nn.zeroPadding3d([0, 1, [2, 3]]), nn.cropping3d([[1, 0], 2, 0])", "[3, 3, 11, 2]"],
  ["4, 5, 6, 2", "nn.upSampling3d([1, 2, 3]), nn.adaptiveMaxPool3d([3, 7, 9])", "[3, 7, 9, 2]"],
  ["9, 8, 7, 2", "nn.adaptiveAveragePool3d(2), nn.upSampling3d(5)", "[10, 10, 10, 2]"],
  ["28, 3", "nn.upSampling1d(7)", "[196, 3]"],
  ["28, 20, 3", "nn.reshape(14, 2, 60), nn.permute(2, 0, 1)", "[60, 14, 2]"],
  ["28, 20, 3", "nn.permute(1, 0, 2), nn.flatten(), nn.reshape(1680)", "[1680]"],
];

/** The same with what is not known at compile time, or does not change a size. */
const open: readonly [input: string, layers: string, output: string][] = [
  ["n, 4", "nn.conv1d(8, 3, { padding: 'causal' })", "[number, 8]"],
  ["28, 20, 3", "nn.conv2d(8, [n, 3])", "[number, 18, 8]"],
  ["28, 20, 3", "nn.conv2d(8, 3, { dilation: [1, n] })", "[26, number, 8]"],
  ["28, 20, n", "nn.conv2d(8, 3, { groups: 2 })", "[26, 18, 8]"],
  ["28, 20, 6", "nn.conv2d(8, 3, { groups: n })", "[26, 18, 8]"],
  ["28, 20, 3", "nn.conv2d(8, n > 1 ? 3 : [3, 3])", "[26, 18, 8]"],
  ["28, 20, 3", "nn.conv2dTranspose(8, 3, { stride: n })", "[number, number, 8]"],
  ["28, 20, n", "nn.depthwiseConv2d(3, { multiplier: 2 })", "[26, 18, number]"],
  ["28, 20, 3", "nn.maxPool2d(n)", "[number, number, 3]"],
  ["28, 20, 3", "nn.adaptiveMaxPool2d([n, 2])", "[number, 2, 3]"],
  ["28, 20, 3", "nn.upSampling2d(n)", "[number, number, 3]"],
  ["28, 20, 3", "nn.zeroPadding2d([n, 1])", "[number, 22, 3]"],
  ["n, 20, 3", "nn.cropping2d(1)", "[number, 18, 3]"],
  ["28, 20, 3", "nn.reshape(n, 3)", "[number, 3]"],
  ["n, 20", "nn.permute(1, 0)", "[20, number]"],
  ["28, 20, 3", "nn.conv2d(8, 3, n > 1 ? { stride: 2 } : {})", "[number, number, 8]"],
  ["9, 9", "nn.conv1d(8, 3, { initial: (values, _, random) => void values.fill(random.normal()) })", "[7, 8]"],
  ["9, 9", "nn.conv1dTranspose(8, 3, { stride: 2, biasInitial: (values) => void values.fill(1) })", "[19, 8]"],
  ["9, 9", "nn.depthwiseConv1d(2, { initial: (values) => void values.fill(1), multiplier: 2 })", "[8, 18]"],
  ["9, 9", "nn.separableConv1d(2, 3, { initial: 'heNormal', regularizer: nn.l2(0.1) })", "[7, 2]"],
  ["...list", "nn.conv3d(8, 3), nn.globalMaxPool3d()", "Shape"],
];

/** Layers on an input, the one to blame, and what both compiler and run time say of it. */
const bad: readonly [input: string, before: string, at: string, message: string][] = [
  ["28", "", "nn.conv1d(8, 3)", "conv1d: expected input [time, channels], got [28]"],
  ["2, 4", "", "nn.conv1d(8, 3)", "conv1d: expected input of at least [3, channels], got [2, 4]"],
  ["8, 4", "", "nn.conv1d(8, 3, { dilation: 4 })", "conv1d: expected input of at least [9, channels], got [8, 4]"],
  [
    "8, 6",
    "",
    "nn.conv1d(8, 3, { groups: 4 })",
    "conv1d: expected input [time, channels] with channels that 4 groups divide, got [8, 6]",
  ],
  ["8, 8", "nn.relu(), ", "nn.conv2d(8, 3)", "conv2d: expected input [height, width, channels], got [8, 8]"],
  [
    "8, 8, 1",
    "nn.conv2d(4, [2, 7]), ",
    "nn.conv2d(4, [1, 3])",
    "conv2d: expected input of at least [1, 3, channels], got [7, 2, 4]",
  ],
  [
    "8, 8, 1",
    "",
    "nn.conv2d(4, 3, { dilation: [2, 4] })",
    "conv2d: expected input of at least [5, 9, channels], got [8, 8, 1]",
  ],
  [
    "8, 8, 6",
    "",
    "nn.conv2d(4, 1, { groups: 4 })",
    "conv2d: expected input [height, width, channels] with channels that 4 groups divide, got [8, 8, 6]",
  ],
  ["8, 8, 1", "", "nn.conv3d(4, 3)", "conv3d: expected input [depth, height, width, channels], got [8, 8, 1]"],
  ["2, 8, 8, 1", "", "nn.conv3d(4, 3)", "conv3d: expected input of at least [3, 3, 3, channels], got [2, 8, 8, 1]"],
  ["8", "", "nn.conv1dTranspose(4, 3)", "conv1dTranspose: expected input [time, channels], got [8]"],
  ["8, 8", "", "nn.conv2dTranspose(4, 3)", "conv2dTranspose: expected input [height, width, channels], got [8, 8]"],
  [
    "8, 8, 1",
    "nn.conv2dTranspose(4, 3), ",
    "nn.conv3dTranspose(4, 3)",
    "conv3dTranspose: expected input [depth, height, width, channels], got [10, 10, 4]",
  ],
  ["8, 8", "", "nn.depthwiseConv2d(3)", "depthwiseConv2d: expected input [height, width, channels], got [8, 8]"],
  [
    "8, 2, 3",
    "",
    "nn.depthwiseConv2d(3)",
    "depthwiseConv2d: expected input of at least [3, 3, channels], got [8, 2, 3]",
  ],
  ["8, 8, 3", "", "nn.separableConv1d(4, 3)", "separableConv1d: expected input [time, channels], got [8, 8, 3]"],
  [
    "2, 8, 3",
    "",
    "nn.separableConv2d(4, [3, 1])",
    "separableConv2d: expected input of at least [3, 1, channels], got [2, 8, 3]",
  ],
  ["3, 2", "", "nn.maxPool1d(4)", "maxPool1d: expected input of at least [4, channels], got [3, 2]"],
  ["3, 4, 2", "", "nn.maxPool2d([2, 5])", "maxPool2d: expected input of at least [2, 5, channels], got [3, 4, 2]"],
  ["3, 4, 2", "", "nn.maxPool3d(2)", "maxPool3d: expected input [depth, height, width, channels], got [3, 4, 2]"],
  ["3, 4, 2", "", "nn.averagePool1d(2)", "averagePool1d: expected input [time, channels], got [3, 4, 2]"],
  [
    "3, 4, 1, 2",
    "",
    "nn.averagePool3d(2)",
    "averagePool3d: expected input of at least [2, 2, 2, channels], got [3, 4, 1, 2]",
  ],
  ["3, 4, 2", "", "nn.globalMaxPool1d()", "globalMaxPool1d: expected input [time, channels], got [3, 4, 2]"],
  [
    "3, 4, 2",
    "nn.globalMaxPool2d(), ",
    "nn.globalAveragePool2d()",
    "globalAveragePool2d: expected input [height, width, channels], got [2]",
  ],
  ["3, 4", "", "nn.adaptiveMaxPool2d(2)", "adaptiveMaxPool2d: expected input [height, width, channels], got [3, 4]"],
  [
    "3, 4, 2",
    "",
    "nn.adaptiveAveragePool1d(2)",
    "adaptiveAveragePool1d: expected input [time, channels], got [3, 4, 2]",
  ],
  ["3, 4", "", "nn.upSampling2d(2)", "upSampling2d: expected input [height, width, channels], got [3, 4]"],
  ["3, 4, 5", "", "nn.zeroPadding1d(2)", "zeroPadding1d: expected input [time, channels], got [3, 4, 5]"],
  ["3, 4, 5", "", "nn.upSampling1d(2)", "upSampling1d: expected input [time, channels], got [3, 4, 5]"],
  [
    "3, 4, 5",
    "",
    "nn.adaptiveMaxPool3d(2)",
    "adaptiveMaxPool3d: expected input [depth, height, width, channels], got [3, 4, 5]",
  ],
  [
    "3, 4, 5, 2",
    "",
    "nn.cropping3d([1, [4, 0], 1])",
    "cropping3d: expected input of at least [3, 5, 3, channels], got [3, 4, 5, 2]",
  ],
  ["1, 3", "", "nn.depthwiseConv1d(2)", "depthwiseConv1d: expected input of at least [2, channels], got [1, 3]"],
  ["3, 4", "", "nn.zeroPadding2d(2)", "zeroPadding2d: expected input [height, width, channels], got [3, 4]"],
  ["3, 4", "", "nn.cropping1d([1, 2])", "cropping1d: expected input of at least [4, channels], got [3, 4]"],
  [
    "9, 4, 1",
    "",
    "nn.cropping2d([[0, 3], 2])",
    "cropping2d: expected input of at least [4, 5, channels], got [9, 4, 1]",
  ],
  ["3, 4", "", "nn.reshape(3, 5)", "reshape: expected input of 15 values, got [3, 4]"],
  ["3, 4", "", "nn.permute(2, 0, 1)", "permute: expected input of 3 axes, got [3, 4]"],
];

/** Options and sizes that only the types and only a few words tell about. */
const refused: readonly [snippet: string, at: string, message: RegExp][] = [
  ["nn.conv1d(16, [3])", "[3]", /not assignable to parameter of type 'number'/],
  ["nn.conv2d(16, [3, 3, 3])", "3", /not assignable/],
  ["nn.conv2d(16, 3, { padding: 'causal' })", "padding", /'"causal"' is not assignable to type 'Padding \| undefined'/],
  ["nn.conv2d(16, 3, { dilatoin: 2 })", "dilatoin", /Did you mean to write 'dilation'/],
  ["nn.conv3d(16, 3, { stride: [1, 2] })", "stride", /not assignable/],
  ["nn.conv2dTranspose(16, 3, { groups: 2 })", "groups", /'groups' does not exist/],
  ["nn.depthwiseConv2d(3, { multiplyer: 2 })", "multiplyer", /Did you mean to write 'multiplier'/],
  ["nn.maxPool2d(2, { padding: 'causal' })", "padding", /'"causal"' is not assignable to type 'Padding \| undefined'/],
  [
    "nn.upSampling2d(2, { interpolation: 'cubic' })",
    "interpolation",
    /not assignable to type '"nearest" \| "bilinear" \| undefined'/,
  ],
  ["nn.zeroPadding1d([1, 2, 3])", "3", /not assignable/],
];

const declared = "const n: number = Math.random(); const list: readonly number[] = [n]; ";
const model = (input: string, layers: string) => `nn.sequential(nn.input(${input}), ${layers})`;
const results = compile([
  ...[...good, ...open].map(
    ([input, layers]) => `${declared}const net = ${model(input, layers)}; const out = net.outputShape;`,
  ),
  ...bad.map(([input, before, at]) => `${model(input, `${before}${at}, nn.flatten()`)};`),
  ...refused.map(([text]) => `${text};`),
]);
const run = (code: string): unknown => new Function("nn", `return ${code};`)(nn);

test("types say what size comes out, and run time the same", () => {
  good.forEach(([input, layers, output], index) => {
    const { errors, types } = results[index]!;
    assert.deepEqual(errors, [], layers);
    assert.equal(types.out, output, layers);
    const { outputShape } = run(model(input, layers)) as nn.Model;
    assert.deepEqual([...outputShape], JSON.parse(output), layers);
  });
});

test("what is not known becomes number, never any", () => {
  open.forEach(([, layers, output], index) => {
    const { errors, types, any } = results[good.length + index]!;
    assert.deepEqual(errors, [], layers);
    assert.equal(types.out, output, layers);
    assert.deepEqual(any, [], layers);
  });
});

test("a layer that does not fit is the one error, on that layer, and run time says the same", () => {
  bad.forEach(([input, before, at, message], index) => {
    const { errors } = results[good.length + open.length + index]!;
    assert.equal(errors.length, 1, at);
    assert.equal(errors[0]!.at, at);
    assert.ok(
      errors[0]!.message.endsWith(`is not assignable to parameter of type '"${message}"'.`),
      errors[0]!.message,
    );
    assert.throws(
      () => run(model(input, `${before}${at}`)),
      (error: unknown) =>
        error instanceof NablaError && error.name === "ShapeError" && error.message.startsWith(`${message}.`),
      at,
    );
  });
});

test("options and sizes are checked before the cell runs", () => {
  refused.forEach(([text, at, message], index) => {
    const { errors } = results[good.length + open.length + bad.length + index]!;
    assert.ok(errors.length > 0, text);
    assert.ok(errors[0]!.at.startsWith(at), `${text}: at ${errors[0]!.at}`);
    assert.match(errors[0]!.message, message, text);
  });
});
