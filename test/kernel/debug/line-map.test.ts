import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { LineMap } from "../../../kernel/debug/line-map.js";

test("a source map is read both ways, and what a line gave nothing for is nowhere", () => {
  const source = "interface Gone {}\nconst a: number = 1;\nfunction f(x: number): number { return x + a; }\n";
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    compilerOptions: { sourceMap: true, target: ts.ScriptTarget.ESNext },
  });
  const map = new LineMap(() => sourceMapText ?? "");
  const js = outputText.split("\n");
  const at = (line: number, column: number): string | undefined => {
    const place = map.generated({ line, column });
    return place && js[place.line]?.slice(place.column);
  };
  assert.equal(at(1, 0), "const a = 1;");
  assert.equal(at(2, 32), "return x + a; }");
  assert.equal(at(0, 0), undefined);
  const line = js.findIndex((text) => text.startsWith("function f"));
  assert.deepEqual(map.original({ line, column: js[line]?.indexOf("return") ?? 0 }), { line: 2, column: 32 });
});
