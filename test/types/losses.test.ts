/** Losses and metrics in types: names and options are completed and checked before a cell runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.js";

const good = [
  "const a: nn.Loss = nn.losses.crossEntropy({ labelSmoothing: 0.1, ignoreIndex: -100, weight: [1, 2] });",
  'const a: nn.LossName = "focal"; const b: nn.MetricName = "f1";',
  'const a: readonly (nn.Metric | nn.MetricName)[] = ["accuracy", nn.metrics.f1({ average: "macro" }), nn.metrics.rocAuc()];',
  "const a: nn.Loss = (prediction, target) => prediction.sub(target).abs().max();",
  "const mine = (p: tf.Tensor, t: tf.Tensor) => p.sub(t).abs().mean(); const a: train.FitOptions['loss'] = mine;",
  'const a: nn.metrics.KnownMetric = nn.metrics.streaming("mine", { gather: "sum", state: (p) => [p.sum()], result: ([s]) => s!.values[0]! });',
] as const;

/** Snippet, what is blamed, what is said. */
const bad: readonly (readonly [string, string, RegExp])[] = [
  ["nn.losses.crossEntropy({ labelSmothing: 0.1 });", "labelSmothing", /Did you mean to write 'labelSmoothing'/],
  ['nn.losses.huber({ reduction: "men" });', "reduction", /Did you mean '"mean"'/],
  ['nn.metrics.f1({ average: "makro" });', "average", /Did you mean '"macro"'/],
  ['const a: nn.LossName = "crossentropy";', "a", /Did you mean '"crossEntropy"'/],
  ["const a: nn.Loss = nn.losses.huber;", "nn.losses.huber", /is not assignable to type 'Loss'/],
  ["const a: nn.Metric = nn.metrics.f1;", "nn.metrics.f1", /is not assignable to type 'Metric'/],
];

const head = 'import { nn, tf, type train } from "../../src/index.js";\n';
const results = compile([...good, ...bad.map(([text]) => text)], head);

test("names, options and functions that are right compile", () => {
  good.forEach((text, index) => {
    assert.deepEqual(results[index]!.errors, [], text);
  });
});

test("what is mistyped, and what was not called, is an error before the cell runs", () => {
  bad.forEach(([text, at, message], index) => {
    const { errors } = results[good.length + index]!;
    assert.ok(errors.length > 0, text);
    assert.ok(errors[0]!.at.startsWith(at), `${text}: at ${errors[0]!.at}`);
    assert.match(errors[0]!.message, message, text);
  });
});
