import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import * as nn from "../../../src/nn/index.js";
import { adam, sgd } from "../../../src/optim/index.js";
import { checkpoints, type FitOptions, fit, history, resume } from "../../../src/train/index.js";
import { temporaryFolder } from "../folder.js";
import { network, numbers, options, points } from "./small.js";

const directory = join(temporaryFolder(), "run");
before(async () => {
  await fit(network(), points(), { ...options(), checkpoint: { directory } });
});

test("a model, data or an option that is not the run's is an error that names it, and nothing is changed", async () => {
  const from = directory;
  const deep = () => nn.sequential(nn.input(2), nn.dense(8), nn.tanh(), nn.dropout(0.3), nn.dense(3), nn.dense(3));
  const wide = () => nn.sequential(nn.input(2), nn.dense(9), nn.tanh(), nn.dropout(0.3), nn.dense(3));
  const wetter = () => nn.sequential(nn.input(2), nn.dense(8), nn.tanh(), nn.dropout(0.2), nn.dense(3));
  const cases: [RegExp, () => nn.Model, unknown, Partial<FitOptions>][] = [
    [
      /resume: model: layers\.0: expected dense\(8\), as in \d.*-step-0000000015, got dense\(9\)\. A run/,
      wide,
      points(),
      {},
    ],
    [/resume: model: layers\.4: expected none, as in .*, got dense\(3\)/, deep, points(), {}],
    [/resume: model: layers\.2: expected dropout\(0\.3\), .* got dropout\(0\.2\)/, wetter, points(), {}],
    [/resume: data: size: expected 23, .* got 22/, network, points(22), {}],
    [/resume: data: targets: expected those, .* got others/, network, points().shuffle(), {}],
    [/resume: validate: size: expected 7, .* got 8/, network, points(), { validate: points(8, 1) }],
    [/resume: validate: .*expected .*got none/, network, points(), { validate: undefined as never }],
    [/resume: batchSize: expected 5, .* got 6/, network, points(), { batchSize: 6 }],
    [/resume: epochs: expected 3, .* got 4/, network, points(), { epochs: 4 }],
    [/resume: seed: expected 3, .* got 4/, network, points(), { seed: 4 }],
    [/resume: maxSteps: expected Infinity, .* got 7/, network, points(), { maxSteps: 7 }],
    [/resume: clipNorm: expected Infinity, .* got 1/, network, points(), { clipNorm: 1 }],
    [/resume: clipValue: expected Infinity, .* got 1/, network, points(), { clipValue: 1 }],
    [/resume: accumulate: expected 1, .* got 2/, network, points(), { accumulate: 2 }],
    [/resume: precision: expected float32, .* got mixed-bf16/, network, points(), { precision: "mixed-bf16" }],
    [/resume: optimizer: expected adam\(0\.01\), .* got adam\(0\.02\)/, network, points(), { optimizer: adam(0.02) }],
    [/resume: optimizer: expected adam\(0\.01\), .* got sgd\(0\.1\)/, network, points(), { optimizer: sgd(0.1) }],
    [/resume: classWeight: expected none, .* got 1, 2, 1/, network, points(), { classWeight: { b: 2 } }],
    [/resume: sampleWeight: expected those, .* got others/, network, points(), { sampleWeight: new Float32Array(23) }],
    [/resume: metrics: expected accuracy, .* got /, network, points(), { metrics: [] }],
    [
      /resume: loss: expected crossEntropy, .* got mine/,
      network,
      points(),
      {
        loss: function mine(a) {
          return a.mean();
        },
        metrics: ["accuracy"],
      },
    ],
  ];
  for (const [message, make, data, given] of cases) {
    nn.seed(5);
    const net = make();
    const before = numbers(net);
    await assert.rejects(resume(net, data as never, { ...options(), ...given, from }), (error: Error) => {
      assert.ok(error instanceof ValueError, String(error));
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(numbers(net), before);
    assert.equal(history(net).steps.length, 0);
  }
});

test("arguments that are none are refused", async () => {
  const net = network();
  await assert.rejects(
    resume(net, { from: directory } as never),
    /resume: expected a data set before the options with 'from', got none\. Give/,
  );
  await assert.rejects(
    resume(net, points(), {} as never),
    /resume: from: expected the path of a folder, got undefined/,
  );
  await assert.rejects(
    resume(net, points(), null as never),
    /resume: expected options \{ from, … \} as the third argument, got null/,
  );
  await assert.rejects(
    resume(net, points(), { ...options(), from: "x", epoch: 2 } as never),
    /Did you mean 'epochs'\?/,
  );
  await assert.rejects(checkpoints(3 as never), /checkpoints: expected the path of a folder, got 3/);
});
