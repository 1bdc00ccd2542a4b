import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, duration, prefixed, sparkline, visible, wrapped } from "../../../src/display/text.js";
import { escaped } from "../../../src/markup.js";

test("white space, control characters and emptiness of a token can be seen", () => {
  assert.equal(visible(" the"), "␣the");
  assert.equal(visible("a\r\nb\n\tc"), "a⏎b⏎⇥c");
  assert.equal(visible("\u0000\u200b\u00a0"), "\\u0000\\u200b\\u00a0");
  assert.equal(visible(""), "∅");
  assert.equal(visible("∇é"), "∇é");
});

test("markup in a text loses its power and keeps its letters", () => {
  assert.equal(escaped(`<img onerror="x"> & <b>`), "&lt;img onerror=&quot;x&quot;&gt; &amp; &lt;b&gt;");
});

test("numbers are short and still say their size", () => {
  assert.deepEqual([0, 0.01234, 12.345, 1234.5, 1.2e-9, 3e7, Number.NaN].map(brief), [
    "0",
    "0.0123",
    "12.3",
    "1,235",
    "1.2e-9",
    "3.0e+7",
    "NaN",
  ]);
  assert.deepEqual(
    [0, 999, 1000, 27_210, 1.5e9].map((value) => prefixed(value)),
    ["0", "999", "1.00 k", "27.2 k", "1.50 G"],
  );
  assert.equal(prefixed(108_840, "B"), "109 kB");
});

test("durations are said in words and never as sixty seconds", () => {
  assert.deepEqual([400, 12_000, 59_700, 119_800, 185_000, 7_800_000].map(duration), [
    "0.4 s",
    "12 s",
    "1 min 00 s",
    "2 min 00 s",
    "3 min 05 s",
    "2 h 10 min",
  ]);
});

test("a sparkline falls where its values fall, and leaves a gap for NaN", () => {
  assert.equal(sparkline([8, 7, 6, 5, 4, 3, 2, 1]), "█▇▆▅▄▃▂▁");
  assert.equal(sparkline([1, Number.NaN, 2]), "▁ █");
  assert.equal(
    [
      ...sparkline(
        Array.from({ length: 1000 }, (_, index) => index),
        10,
      ),
    ].length,
    10,
  );
});

test("a long text is broken at spaces into so many lines at most, the last one cut", () => {
  assert.deepEqual(wrapped("one two three four five", 9, 2), ["one two", "three fo…"]);
  assert.deepEqual(wrapped("short", 9, 2), ["short"]);
  assert.ok(wrapped("x".repeat(50), 10, 3).every((line) => line.length <= 10));
});
