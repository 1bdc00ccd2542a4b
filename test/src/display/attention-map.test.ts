import assert from "node:assert/strict";
import { test } from "node:test";
import { attentionMap } from "../../../src/display/attention-map.js";
import { DataError, ValueError } from "../../../src/errors.js";
import type { Attention } from "../../../src/explain/attention.js";
import { pixelsOf, plotOf, rendered, sizeOf, textOf } from "./bundles.js";

/** Causal attention whose weights name their place: rows sum to 1, every head differs. */
function causal(tokens: readonly string[], layers: number, heads: number): Attention {
  const size = tokens.length;
  const weights = new Float32Array(layers * heads * size * size);
  for (let sheet = 0; sheet < layers * heads; sheet++) {
    for (let query = 0; query < size; query++) {
      const scores = Array.from({ length: query + 1 }, (_, key) => 1 + ((key * 7 + sheet * 3 + query) % 11));
      const total = scores.reduce((sum, score) => sum + score, 0);
      scores.forEach((score, key) => {
        weights[(sheet * size + query) * size + key] = score / total;
      });
    }
  }
  return { tokens, layers, heads, weights };
}

interface Button {
  readonly label: string;
  readonly args: readonly [{ visible: boolean[] }, Record<string, unknown>?];
}

function menusOf(layout: Readonly<Record<string, unknown>>): { active: number; buttons: Button[] }[] {
  return layout.updatemenus as never;
}

test("each sheet holds its head's weights [query, key], and the keys that no query may see are blank", () => {
  const attention = causal(["a", "b", "c"], 2, 2);
  const { data } = plotOf(attentionMap(attention).interactive());
  assert.equal(data.length, 2 * (2 + 1), "two heads and their mean, for two layers");
  const sheet = data.find((trace) => trace.name === "layer 2, head 1");
  const rows = sheet?.z as number[][];
  assert.deepEqual(
    rows.map((row) => row.length),
    [1, 2, 3],
  );
  const offset = 2 * 9;
  for (const [query, row] of rows.entries()) {
    for (const [key, weight] of row.entries()) {
      assert.ok(Math.abs(weight - (attention.weights[offset + query * 3 + key] ?? 0)) <= 5e-4);
    }
  }
  const [first, second, mean] = data.slice(3).map((trace) => (trace.z as number[][])[2]?.[1] ?? 0);
  assert.ok(Math.abs(((first ?? 0) + (second ?? 0)) / 2 - (mean ?? 0)) <= 1e-3);
});

test("where queries look ahead nothing is cut off", () => {
  const attention: Attention = {
    tokens: ["a", "b"],
    layers: 1,
    heads: 1,
    weights: new Float32Array([0.5, 0.5, 0.25, 0.75]),
  };
  assert.deepEqual(plotOf(attentionMap(attention).interactive()).data[0]?.z, [
    [0.5, 0.5],
    [0.25, 0.75],
  ]);
});

test("the colours run from zero to the largest weight of the head, evenly named by the colour bar", () => {
  const { data } = plotOf(attentionMap(causal([..."abcdef"], 1, 2)).interactive());
  for (const trace of data) {
    const largest = Math.max(...(trace.z as number[][]).flat());
    assert.equal(trace.zmin, 0);
    assert.equal(trace.zmax, largest);
  }
});

test("the buttons reach every layer and head, show exactly one sheet, and mark what is shown", () => {
  const layers = 3;
  const heads = 4;
  const { data, layout } = plotOf(
    attentionMap(causal([..."abc"], layers, heads), { layer: 2, head: "mean" }).interactive(),
  );
  const [byLayer, byHead] = menusOf(layout);
  assert.equal(byLayer?.active, 1);
  assert.equal(byHead?.active, heads);
  assert.deepEqual(data.map((trace) => trace.visible).indexOf(true), 1 * (heads + 1) + heads);
  const reached = new Set<number>();
  for (const [layer, button] of (byLayer?.buttons ?? []).entries()) {
    const swapped = button.args[1]?.["updatemenus[1].buttons"] as Button[];
    assert.equal(button.args[0].visible.indexOf(true), layer * (heads + 1), "a layer opens with its first head");
    for (const each of swapped) {
      const { visible } = each.args[0];
      assert.equal(visible.filter(Boolean).length, 1);
      reached.add(visible.indexOf(true));
    }
  }
  assert.equal(reached.size, data.length);
});

test("tokens stand on both axes, made visible, and hostile ones stay text", () => {
  const tokens = [" the", "\n", "<b>", "<img onerror=alert(1)>", "$x^2$"];
  const { layout, config } = plotOf(attentionMap(causal(tokens, 1, 1)).interactive());
  for (const name of ["xaxis", "yaxis"]) {
    const { ticktext } = layout[name] as { ticktext: string[] };
    assert.deepEqual(ticktext.slice(0, 3), ["␣the", "⏎", "&lt;b&gt;"]);
    assert.ok(ticktext.every((label) => !label.includes("<")));
  }
  assert.equal(config.typesetMath, false, "a dollar starts no formula");
});

test("the pictures show the chosen head without the buttons, square, in many colours", async () => {
  const bundle = await rendered(attentionMap(causal([..."Call me Ishmael."], 2, 4), { layer: 2, head: 3 }));
  const svg = bundle.data["image/svg+xml"] as string;
  assert.match(svg, /layer 2, head 3/);
  assert.doesNotMatch(svg, /updatemenu-item-text/);
  const map = /<image[^>]* height="([\d.]+)" width="([\d.]+)"/.exec(svg);
  assert.ok(map, "the map is one image");
  assert.equal(map[1], map[2]);
  const { colours } = await pixelsOf(bundle);
  assert.ok(colours.size > 40, `${colours.size} colours`);
  assert.match(textOf(bundle), /Attention, layer 2, head 3, 16 tokens/);
});

test("four layers of four heads over 64 tokens stay under 300 kB, longer texts are cut and say so", () => {
  const long = Array.from({ length: 80 }, (_, index) => String.fromCharCode(97 + (index % 26)));
  const plot = plotOf(attentionMap(causal(long, 4, 4)).interactive());
  assert.ok(sizeOf(plot) < 300_000, `${sizeOf(plot)} bytes`);
  assert.match((plot.layout.title as { text: string }).text, /the first 64 of 80 tokens/);
  assert.equal((plot.layout.xaxis as { ticktext: string[] }).ticktext.length, 64);
});

test("weights that do not fit the tokens, and heads that do not exist, are refused", () => {
  const attention = causal(["a", "b"], 1, 2);
  assert.throws(() => attentionMap({ ...attention, layers: 2 }), DataError);
  assert.throws(() => attentionMap({ tokens: [], layers: 1, heads: 1, weights: new Float32Array() }), DataError);
  assert.throws(() => attentionMap(attention, { head: 3 }), ValueError);
  for (const tokens of [0, -1, 2.5, Number.NaN]) {
    assert.throws(() => attentionMap(attention, { tokens }), {
      name: "ValueError",
      message: `attentionMap: tokens: expected a whole number above 0, got ${tokens}.`,
    });
  }
  assert.throws(
    () => attentionMap(attention, { layer: 0 }),
    /attentionMap: layer: expected an integer from 1 to 1, got 0/,
  );
});
