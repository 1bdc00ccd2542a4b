import assert from "node:assert/strict";
import { test } from "node:test";
import { modelSummary } from "../../../src/display/summary.js";
import { rendered, textOf } from "./bundles.js";

const model = {
  name: "net <script>",
  inputShape: [28, 28, 1],
  outputShape: [10],
  parameters: [],
  summary: [
    { path: "layers.0", label: "conv2d(16, 3)", outputShape: [26, 26, 16], parameters: 160, flops: 194_688 },
    { path: "layers.1", label: "flatten()", outputShape: [10_816], parameters: 0, flops: 0 },
    { path: "layers.2", label: "dense(10)", outputShape: [10], parameters: 108_170, flops: 216_330 },
  ],
} as const;

test("the text lists layers, shapes, parameters and operations, adds them up, and names the memory", async () => {
  const lines = textOf(await rendered(modelSummary(model))).split("\n");
  assert.match(lines[0] ?? "", /net <script>: 28 × 28 × 1 → 10/);
  assert.ok(lines.some((line) => /^conv2d\(16, 3\) +26 × 26 × 16 +160 +195 k$/.test(line)));
  assert.ok(lines.some((line) => /^flatten\(\) +10816 +0 +–$/.test(line)));
  assert.ok(lines.some((line) => /^total +108,330 +411 k$/.test(line)));
  // 108,330 weights of 4 bytes; 784 + 10,816 + 10,816 + 10 activations of 4 bytes.
  assert.match(lines.at(-1) ?? "", /weights 433 kB, activations 89\.7 kB an example/);
});

test("the HTML is a bare table, without scripts, and names from the user are text", async () => {
  const { data } = await rendered(modelSummary(model));
  const html = data["text/html"] as string;
  assert.deepEqual(Object.keys(data).sort(), ["text/html", "text/plain"]);
  assert.equal(html.match(/<tr>/g)?.length, 5);
  assert.doesNotMatch(html, /<script|<style|class=|onerror/);
  assert.match(html, /net &lt;script&gt;/);
});
