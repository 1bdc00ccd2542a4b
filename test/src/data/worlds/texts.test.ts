/** Worlds of text: numbers and days against Python's (test/fixtures/worlds.py), sums against JavaScript's own, sentences against a parser. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dateForms } from "../../../../src/data/worlds/dates.js";
import * as worlds from "../../../../src/data/worlds/index.js";
import { spelled } from "../../../../src/data/worlds/number-words.js";
import { DataError, ValueError } from "../../../../src/errors.js";
import { root } from "../../../root.js";
import { isSentence } from "./parser.js";

interface Fixture {
  readonly numbers: Readonly<Record<string, string>>;
  readonly days: Readonly<Record<string, readonly string[]>>;
}
const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/worlds.json"), "utf8")) as Fixture;

const indices = (size: number) => Array.from({ length: size }, (_, index) => index);

test("numbers are spelled as num2words spells them", () => {
  for (const [number, words] of Object.entries(fixture.numbers)) assert.equal(spelled(Number(number)), words);
});

test("days are written as Python's datetime writes them", () => {
  for (const [iso, forms] of Object.entries(fixture.days)) assert.deepEqual(dateForms(new Date(iso)), forms, iso);
});

test("number words: every number once, in one half only, and none is longer than its place", () => {
  for (const below of [10, 100, 1_000, 1_100, 10_000]) {
    const { train, test } = worlds.numberWords({ below, train: below * 0.8, test: below * 0.2, to: "words" });
    const numbers = [train, test].flatMap((part) => indices(part.size).map((index) => part.pair(index)));
    assert.equal(new Set(numbers.map(([digits]) => digits)).size, below);
    const longest = Math.max(...numbers.map(([, words]) => words.length));
    assert.equal(train.sizes.target, longest + 1, `${below}`);
  }
  const { train } = worlds.numberWords({ below: 1_000_000, to: "words" });
  assert.equal(train.sizes.target, spelled(373_373).length + 1);
});

test("a pair is laid out as nn.transformer and nn.translate take it", () => {
  const { train, test } = worlds.numberWords({ below: 1000, seed: 3 });
  const { source, target, sizes } = train;
  const { x, y } = train.batch([5, 6]);
  const [rows, answers] = [x.arraySync() as number[][], y.arraySync() as number[][]];
  assert.deepEqual([x.dtype, y.dtype], ["int32", "int32"]);
  for (const [place, index] of [5, 6].entries()) {
    const [words, digits] = train.pair(index);
    const row = rows[place]!;
    assert.equal(row.length, sizes.source + sizes.target);
    assert.equal(source.decode(row.slice(0, sizes.source)), words);
    assert.equal(row[sizes.source], target.start);
    assert.equal(target.decode(row.slice(sizes.source)), digits);
    assert.deepEqual(answers[place]!.slice(0, digits.length + 1), [...target.encode(digits), target.end]);
    assert.equal(words, spelled(Number(digits)));
  }
  assert.deepEqual(train.sizes, test.sizes);
  assert.deepEqual(train.classes, target.tokens);
});

test("dates: each form means its day, no day is in both halves, all forms come alike", () => {
  const { train, test } = worlds.dates({ train: 3_000, test: 1_000, from: 1950, to: 1999 });
  const pairs = [train, test].flatMap((part) => indices(part.size).map((index) => part.pair(index)));
  assert.equal(new Set(pairs.map(([, iso]) => iso)).size, 4_000);
  const counts = new Array<number>(13).fill(0);
  for (const [text, iso] of pairs) {
    const forms = dateForms(new Date(`${iso}T00:00:00Z`));
    const form = forms.findIndex((one) => one === text || one.toLowerCase() === text);
    assert.ok(form >= 0, `${text} → ${iso}`);
    counts[form]! += 1;
    assert.ok(iso >= "1950-01-01" && iso <= "1999-12-31");
    assert.equal(train.source.decode(train.source.encode(text)), text);
  }
  // 4,000 over 13 forms: 308 each, deviation 17. Where day and number agree ("10.10." or "May") two forms are one.
  assert.ok(counts[0]! > 230 && counts[0]! < 390, `${counts}`);
  const years = new Set(pairs.map(([, iso]) => iso.slice(0, 4)));
  assert.equal(years.size, 50);
  // No form says more than one day, or nobody could translate it.
  assert.equal(new Set(pairs.map(([text]) => text)).size, 4_000);
});

test("sums: the text says what is so, only the answer is asked for, no pair is in both halves", () => {
  const { train, test } = worlds.arithmetic({ digits: 2, operations: "+-*", train: 4_000, test: 1_000, seed: 1 });
  const halves = [train, test].map((part) => {
    return new Set(
      indices(part.size).map((index) => {
        const [, a, sign, b] = /^(\d+)([-+*])(\d+)=$/.exec(part.question(index))!;
        const value = { "+": Number(a) + Number(b), "-": Number(a) - Number(b), "*": Number(a) * Number(b) }[sign!];
        assert.equal(part.answer(index), String(value));
        return [a, b]
          .map(Number)
          .sort((p, q) => p - q)
          .join(" ");
      }),
    );
  });
  assert.deepEqual([halves[0]!.size, halves[1]!.size], [4_000, 1_000]);
  for (const pair of halves[0]!) assert.ok(!halves[1]!.has(pair), pair);
  const { tokenizer } = train;
  const input = Array.from(train.x(7).dataSync());
  const next = train.y(7) as number[];
  const [question, answer] = [train.question(7), train.answer(7)];
  assert.equal(tokenizer.decode(input), question + answer);
  assert.deepEqual(next.slice(0, question.length - 1), Array<number>(question.length - 1).fill(0));
  assert.equal(tokenizer.decode(next), answer);
  assert.equal(next[question.length - 1 + answer.length], tokenizer.end);
});

test("reversed sums end with their first digit; seven digits fit", () => {
  const [plain, reversed] = [false, true].map((reversed) => worlds.arithmetic({ reversed }).test);
  assert.deepEqual(
    indices(20).map((i) => [...plain!.answer(i)].reverse().join("")),
    indices(20).map((i) => reversed!.answer(i)),
  );
  const { train } = worlds.arithmetic({ digits: 7, operations: "*-", train: 200, test: 10 });
  for (const index of indices(200)) {
    const [a, sign, b] = train
      .question(index)
      .slice(0, -1)
      .split(/([-*])/);
    const value = sign === "*" ? BigInt(a!) * BigInt(b!) : BigInt(a!) - BigInt(b!);
    assert.equal(train.answer(index), String(value));
    assert.equal(train.tokenizer.decode(train.x(index).dataSync()), train.question(index) + train.answer(index));
  }
});

test("sentences: a parser of the grammar takes each of them", () => {
  for (const depth of [0, 1, 2, 3]) {
    const { train } = worlds.grammar({ depth, train: 500, test: 10 });
    for (const index of indices(500)) {
      const sentence = train.sentence(index);
      assert.ok(isSentence(sentence), sentence);
      assert.equal(train.tokenizer.decode(train.x(index).dataSync()), sentence);
      assert.equal(train.tokenizer.decode(train.y(index) as number[]), sentence);
    }
  }
  assert.ok(!isSentence("the keys near the door is old ."));
});

test("agreement: as many plurals, and neither the last noun nor the first tells the number", () => {
  const { train, test } = worlds.grammar({ task: "agreement", train: 2_000, test: 500 });
  const plural = /^(keys|doors|dogs|cats|teachers|pictures|books|children|men|women|mice|cities)$/;
  const singular = /^(key|door|dog|cat|teacher|picture|book|child|man|woman|mouse|city)$/;
  const begin = (part: typeof train, index: number) => part.tokenizer.decode(part.x(index).dataSync()).split(" ");
  let [sum, last, first] = [0, 0, 0];
  for (const index of indices(2_000)) {
    const label = train.y(index) as number;
    const nouns = begin(train, index).filter((word) => plural.test(word) || singular.test(word));
    sum += label;
    last += Number(plural.test(nouns.at(-1)!) === (label === 1));
    first += Number(plural.test(nouns[0]!) === (label === 1));
    // The verb that follows has that number.
    const words = train.sentence(index).split(" ");
    const verb = words[begin(train, index).length]!;
    assert.equal(label === 0, /s$/.test(verb), train.sentence(index));
  }
  assert.equal(sum, 1_000);
  assert.ok(first > 1_400 && first < 1_600, `the first noun is right in ${first} of 2,000`);
  assert.ok(last > 1_100 && last < 1_500, `the last noun is right in ${last} of 2,000`);
  const known = new Set(indices(2_000).map((index) => begin(train, index).join(" ")));
  for (const index of indices(500)) assert.ok(!known.has(begin(test, index).join(" ")));
});

test("no sentence is in both halves", () => {
  const { train, test } = worlds.grammar({ depth: 0, train: 3_000, test: 300 });
  const known = new Set(indices(3_000).map((index) => train.sentence(index)));
  for (const index of indices(300)) assert.ok(!known.has(test.sentence(index)));
});

test("too much asked for, unknown options and values out of range are errors that say so", () => {
  const bad: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => worlds.numberWords({ below: 100, train: 90, test: 11 }),
      /numberWords: train, test: expected together at most 100/,
    ],
    [() => worlds.numberWords({ below: 9 }), /below: expected a whole number from 10 to 1000000, got 9/],
    [() => worlds.numberWords({ to: "roman" as "words" }), /to: expected "digits" or "words"/],
    [() => worlds.dates({ from: 2000, to: 1999 }), /from: expected a year up to 1999, got 2000/],
    [() => worlds.dates({ from: 2024, to: 2024, train: 366 }), /at most 366, so many days there are/],
    [() => worlds.arithmetic({ operations: "/" }), /operations: expected some of "\+-\*", got "\/"/],
    [() => worlds.arithmetic({ digits: 8 }), /digits: expected a whole number from 1 to 7, got 8/],
    [() => worlds.grammar({ dept: 2 } as object), /got 'dept'. Did you mean 'depth'\?/],
    [() => worlds.grammar({ train: 0 }), /grammar: train: expected a whole number above 0, got 0/],
  ];
  for (const [make, message] of bad) {
    assert.throws(make, (error) => {
      assert.ok(error instanceof ValueError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  const { train } = worlds.numberWords();
  assert.throws(() => train.source.encode("four!"), DataError);
  assert.throws(() => train.target.decode([99]), ValueError);
});
