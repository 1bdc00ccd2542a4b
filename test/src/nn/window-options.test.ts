/** What layers with windows may be told, and what not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";

test("first weights, their bias and what they cost can be chosen, for all weights of a layer", () => {
  const chosen = { initial: "ones", biasInitial: nn.init.constant(2), regularizer: nn.l2(0.5) } as const;
  const layers = [
    nn.conv2d(2, 3, chosen),
    nn.conv2dTranspose(2, 3, chosen),
    nn.depthwiseConv2d(3, chosen),
    nn.separableConv2d(2, 3, chosen),
  ];
  for (const layer of layers) {
    const { parameters } = nn.sequential(nn.input(4, 4, 3), layer);
    for (const { path, variable, regularizer } of parameters) {
      const isBias = path.endsWith("bias");
      assert.ok(
        variable.dataSync().every((value) => value === (isBias ? 2 : 1)),
        path,
      );
      assert.equal(regularizer, isBias ? undefined : chosen.regularizer, path);
    }
  }
});

test("sizes and options that cannot be are refused, with the nearest name", () => {
  const refused: readonly [() => unknown, RegExp][] = [
    [() => nn.conv1d(0, 3), /^conv1d: filters: expected a whole number above 0, got 0\.$/],
    [() => nn.conv1d(3, -1), /^conv1d: kernel: expected a whole number above 0, got -1\.$/],
    [() => nn.conv1d(3, [3] as never), /^conv1d: kernel: expected a whole number above 0, got \[3\]\.$/],
    [() => nn.conv1d(3, 3, { stride: -2 }), /^conv1d: stride: expected a whole number above 0, got -2\.$/],
    [
      () => nn.conv1d(3, 3, { padding: "casual" as never }),
      /"valid" or "same" or "causal", got "casual"\. Did you mean 'causal'\?$/,
    ],
    [() => nn.conv2d(3, 3, { padding: "causal" as never }), /"valid" or "same", got "causal"/],
    [() => nn.conv2d(3, [3, 0]), /^conv2d: kernel: width: expected a whole number above 0, got 0\.$/],
    [
      () => nn.conv2d(3, [3, 3, 3] as never),
      /^conv2d: kernel: expected a number or \[height, width\], got \[3, 3, 3\]\.$/,
    ],
    [() => nn.conv2d(3, 3, { stride: [1, -1] }), /^conv2d: stride: width: expected a whole number above 0, got -1\.$/],
    [() => nn.conv2d(3, 3, { dilation: 1.5 }), /^conv2d: dilation: expected a whole number above 0, got 1\.5\.$/],
    [() => nn.conv2d(3, 3, { dilatoin: 2 } as never), /'dilatoin'\. Did you mean 'dilation'\?$/],
    [() => nn.conv2d(3, 3, { initial: "heNormall" as never }), /^conv2d: initial: .*heNormal/],
    [() => nn.conv2d(3, 3, { groups: 0 }), /^conv2d: groups: /],
    [() => nn.conv2d(6, 3, { groups: 4 }), /^conv2d: filters: expected a multiple of 4 groups, got 6\./],
    [
      () => nn.conv3d(3, [3, 3] as never),
      /^conv3d: kernel: expected a number or \[depth, height, width\], got \[3, 3\]\.$/,
    ],
    [() => nn.conv1dTranspose(3, 3, { padding: "causal" as never }), /"valid" or "same", got "causal"/],
    [() => nn.conv2dTranspose(3, 3, { groups: 2 } as never), /^conv2dTranspose: expected options .*, got 'groups'/],
    [() => nn.depthwiseConv2d(3, { multiplier: 0 }), /^depthwiseConv2d: multiplier: /],
    [() => nn.depthwiseConv2d(3, { multiplyer: 2 } as never), /Did you mean 'multiplier'\?$/],
    [() => nn.separableConv2d(1.5, 3), /^separableConv2d: filters: /],
    [() => nn.maxPool1d(0), /^maxPool1d: size: /],
    [() => nn.maxPool1d(2, { padding: "causal" as never }), /^maxPool1d: padding: expected "valid" or "same"/],
    [() => nn.averagePool3d(2, { stride: [1, 2] as never }), /^averagePool3d: stride: expected a number or \[depth/],
    [() => nn.adaptiveMaxPool2d([2, -2]), /^adaptiveMaxPool2d: size: width: /],
    [() => nn.upSampling2d(0), /^upSampling2d: factor: /],
    [() => nn.upSampling2d(2, { interpolation: "cubic" as never }), /"nearest" or "bilinear", got "cubic"/],
    [
      () => nn.zeroPadding1d(-1),
      /^zeroPadding1d: expected a whole number from 0, or two of them: \[before, after\], got -1\.$/,
    ],
    [
      () => nn.zeroPadding2d([1, 2, 3] as never),
      /^zeroPadding2d: expected a number or \[height, width\], got \[1, 2, 3\]\.$/,
    ],
    [() => nn.cropping2d([1, [0, -1]]), /^cropping2d: width: expected a whole number from 0/],
    [() => nn.reshape(), /^reshape: expected at least one axis, got none\.$/],
    [() => nn.reshape(3, -1), /^reshape: size of axis 1: expected a whole number above 0, got -1\.$/],
    [() => nn.permute(0, 0), /^permute: expected the axes 0 to 1, each once, got \[0, 0\]\.$/],
    [() => nn.permute(1, 2), /^permute: expected the axes 0 to 1, each once, got \[1, 2\]\.$/],
  ];
  for (const [call, message] of refused) {
    assert.throws(
      call,
      (error: unknown) => error instanceof ValueError && message.test(error.message),
      String(message),
    );
  }
});
