import assert from "node:assert/strict";
import { test } from "node:test";

import ts = require("typescript");

import { defaults } from "../../../kernel/language/settings.js";
import { libraryPath, standardLibrary, standardLibraryText } from "../../../kernel/language/standard-library.js";

/** The checker of a small file, with TypeScript's own files or with the one that joins them. */
function look(text: string, joined: boolean): { types: string[]; errors: string[]; libraries: number } {
  const options: ts.CompilerOptions = { ...defaults, types: [] };
  const host = ts.createCompilerHost(options) as ts.CompilerHost & Record<string, unknown>;
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) => {
    const own = name === "cell.ts" ? text : name === standardLibrary ? standardLibraryText() : undefined;
    return own === undefined ? getSourceFile(name, target) : ts.createSourceFile(name, own, target);
  };
  host["resolveLibrary"] = (_name: string, _from: string, given: ts.CompilerOptions, file: string) => {
    const path = joined ? libraryPath(file, given) : undefined;
    return { resolvedModule: path === undefined ? path : { resolvedFileName: path, extension: ts.Extension.Dts } };
  };
  const program = ts.createProgram(["cell.ts"], options, host);
  const checker = program.getTypeChecker();
  const file = program.getSourceFile("cell.ts")!;
  const types = file.statements.filter(ts.isExpressionStatement).map(({ expression }) => {
    const type = checker.getTypeAtLocation(expression);
    return `${checker.typeToString(type)} ${checker
      .getSignaturesOfType(type, ts.SignatureKind.Call)
      .map((one) => checker.signatureToString(one))
      .join(" | ")}`;
  });
  const errors = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  return { types, errors, libraries: program.getSourceFiles().length - 1 };
}

test("the standard library as one file means what TypeScript's own files mean, down to the order of overloads", () => {
  const text = `
    [1].concat; Array.from; Promise.all; [1].flat; new Map([[1, 2]]); "".replace; "".matchAll; Object.fromEntries; [1].toSorted;
    Symbol.dispose; new Set([1]).union; Intl.NumberFormat; Reflect.get; new Proxy({}, {}); JSON.parse; [..."ab"].entries();
    String.raw; new Int32Array(2).map; Number.parseFloat; BigInt(1); Object.groupBy; "".at; Error; [1].map((x) => x).reduce;
    const wrong: string = 1; unknownName; [1].nonsense();`;
  const [apart, joined] = [look(text, false), look(text, true)];
  assert.equal(joined.libraries, 1);
  assert.ok(apart.libraries > 50);
  assert.deepEqual(joined.types, apart.types);
  assert.deepEqual(joined.errors, apart.errors);
});

test("a library that a notebook's settings choose stays TypeScript's own", () => {
  assert.equal(libraryPath("lib.es2020.d.ts", { lib: ["lib.es2020.d.ts"] }), undefined);
  assert.equal(libraryPath("lib.dom.d.ts", defaults), undefined);
  assert.equal(libraryPath("lib.es2020.d.ts", defaults), standardLibrary);
});
