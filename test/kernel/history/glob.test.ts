import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "../../../kernel/history/glob.js";

test("* stands for any text, ? for one character, and everything else for itself", () => {
  for (const [text, pattern, expected] of [
    ["", "", true],
    ["", "*", true],
    ["a", "", false],
    ["abc", "a*c", true],
    ["abc", "a*b", false],
    ["a\nb", "a*", true],
    ["abcbc", "a*bc", true],
    ["a*c", "a*c", true],
    ["xay", "?a?", true],
    ["😀", "?", true],
    ["😀", "??", false],
    ["a[0]", "a[0]", true],
    ["a0", "a[0]", false],
    ["aab", "*a*b*", true],
    ["ab", "**?*", true],
    ["a", "*??", false],
  ] as const) {
    assert.equal(matches(text, pattern), expected, `${text} ~ ${pattern}`);
  }
});

test("agrees with a regular expression on all short texts and patterns", () => {
  const words = (letters: string, longest: number): string[] => {
    let all = [""];
    for (let i = 0; i < longest; i++) all = ["", ...all.flatMap((word) => [...letters].map((letter) => letter + word))];
    return [...new Set(all)];
  };
  const texts = words("ab", 5);
  for (const pattern of words("a*?", 5)) {
    const expected = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
    for (const text of texts) assert.equal(matches(text, pattern), expected.test(text), `${text} ~ ${pattern}`);
  }
});

test("a pattern of many stars takes no exponential time", () => {
  const start = process.cpuUsage().user;
  assert.equal(matches("a".repeat(20_000), `${"*a".repeat(30)}*b`), false);
  assert.ok(process.cpuUsage().user - start < 5e6);
});
