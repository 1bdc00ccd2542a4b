import assert from "node:assert/strict";
import { SourceMap } from "node:module";
import { test } from "node:test";
import ts from "typescript";
import { applyEdits, type Edit, type MappedText } from "../../../kernel/language/source-map.js";

/** JavaScript and its map, as TypeScript writes them. */
function transpiled(code: string): MappedText {
  const compilerOptions = { sourceMap: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
  const { outputText, sourceMapText = "" } = ts.transpileModule(code, { compilerOptions });
  return { js: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ""), map: sourceMapText };
}

/** Where Node finds the source of the first place of a text, as `line:column`. */
function originOf({ js, map }: MappedText, text: string): string {
  const before = js.slice(0, js.indexOf(text)).split("\n");
  const entry = new SourceMap(JSON.parse(map)).findEntry(before.length - 1, before.at(-1)?.length ?? 0);
  return "originalLine" in entry ? `${entry.originalLine}:${entry.originalColumn}` : "none";
}

/** Replaces words; each stands once in the text. */
function edits(js: string, words: Readonly<Record<string, Partial<Edit> & { text: string }>>): Edit[] {
  return Object.entries(words).map(([word, edit]) => {
    const start = js.indexOf(word);
    return { start, end: start + word.length, ...edit };
  });
}

test("a map leads from edited text to where it came from", () => {
  const code = "type Gone = 1;\nlet first: number = 1;\n\n  second( first as number,\n third);";
  const emitted = transpiled(code);
  assert.equal(originOf(emitted, "third"), "4:1");
  const made = applyEdits(emitted, [
    ...edits(emitted.js, { "let first": { text: "__scope\n.first" }, second: { text: "(0, second)", call: true } }),
    { start: 0, end: 0, text: "hoisted(); ", origin: emitted.js.indexOf("third") },
  ]);
  assert.match(made.js, /^hoisted\(\); [\s\S]*__scope\n\.first = 1;\n\(0, second\)\(first, third\);/);
  assert.equal(originOf(made, "hoisted"), "4:1");
  assert.equal(originOf(made, "= 1"), originOf(emitted, "= 1"));
  assert.equal(originOf(made, "(0, second)"), "3:2");
  assert.equal(originOf(made, "(first"), "3:2");
  assert.equal(originOf(made, "first, "), "3:10");
  assert.equal(originOf(made, "third"), "4:1");
});

test("many edits of a long text cost each a look, not a walk", () => {
  const count = 100_000;
  const map = JSON.stringify({
    version: 3,
    sources: ["cell.ts"],
    names: [],
    mappings: `AAAA${";AACA".repeat(count - 1)}`,
  });
  const calls = Array.from({ length: count }, (_, line): Edit => {
    return { start: line * 6, end: line * 6 + 1, text: "(0, f)", call: true };
  });
  const start = performance.now();
  const made = applyEdits({ js: "f(1);\n".repeat(count), map }, calls);
  assert.ok(performance.now() - start < 10_000, `${performance.now() - start} ms`);
  assert.ok(made.js === "(0, f)(1);\n".repeat(count));
});
