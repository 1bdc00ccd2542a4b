// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files hold templates.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Folder } from "./folder.js";

function folder(context: TestContext): Folder {
  const made = new Folder();
  context.after(() => made.remove());
  return made;
}

/** A dynamic import, which the types let pass. */
const load = (specifier: string): string => `await import(${JSON.stringify(specifier)} as string)`;

test("what cannot be imported is named, with what was expected and found", async (context) => {
  const at = folder(context);
  at.write({
    "empty.json": "",
    "broken.json": '{ "a": 1,\n  "b": }',
    "binary.ts": new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2, 3]),
    "data.bin": new Uint8Array([1, 2, 3]),
    "syntax.cjs": "const a = 1;\nconst b = ;",
    "syntax.js": "export const a = 1;\nexport const b = ;",
    "not.wasm": "text",
    "inner.js": 'import { x } from "./gone.js"; export { x };',
  });
  symlinkSync(join(at.path, "nowhere.ts"), join(at.path, "dangling.ts"));
  symlinkSync(join(at.path, "loop.ts"), join(at.path, "loop.ts"));
  const cases: Readonly<Record<string, RegExp>> = {
    "./empty.json": /ImportError: \.\/empty\.json: expected JSON, got an empty file/,
    "./broken.json": /ImportError: \.\/broken\.json: expected JSON, got Unexpected token/,
    "./binary.ts": /ImportError: \.\/binary\.ts: expected text, got a binary file\./,
    "./data.bin": /ImportError: \.\/data\.bin: expected TypeScript, JavaScript, JSON or WebAssembly, got a \.bin file/,
    "./syntax.cjs":
      /ImportError: \.\/syntax\.cjs:2:11 (?:Unexpected token|Expression expected).*\n[^\n]*\n[^\n]*\n?.*2 │ const b = ;\n\s+│ {11}\^/,
    "./syntax.js": /ImportError: \.\/syntax\.js:2:18 Expression expected\.\n/,
    "./not.wasm": /ImportError: \.\/not\.wasm: expected a WebAssembly module, got /,
    "./inner.js": /ImportError: import "\.\/gone\.js" in \.\/inner\.js: expected a file, got nothing at /,
    "./dangling.ts": /ImportError: import "\.\/dangling\.ts": expected a file, got a link that leads nowhere/,
    "./loop.ts": /ImportError: import "\.\/loop\.ts": expected a file, got a link that leads nowhere/,
    "file://host/x.ts": /ImportError: import "file:\/\/host\/x\.ts": expected the URL of a local file/,
    "": /ImportError: import "": /,
  };
  for (const [specifier, expected] of Object.entries(cases)) assert.match(await at.error(load(specifier)), expected);
  assert.match(await at.error('require("./gone")'), /ImportError: .*"\.\/gone".*: expected a file, got nothing/);
});

test("broken packages are named with what is wrong in them", async (context) => {
  const at = folder(context);
  at.write({
    "node_modules/no-main/package.json": '{ "name": "no-main", "main": "gone.js" }',
    "node_modules/bad-json/package.json": '{ "name": ',
    "node_modules/throws/package.json": '{ "name": "throws", "type": "module", "exports": "./index.js" }',
    "node_modules/throws/index.js": "throw new RangeError('thrown while it loads');",
    "node_modules/parts/package.json":
      '{ "name": "parts", "type": "module", "exports": { "./one": "./one.js", "./two": "./two.js" } }',
    "node_modules/wants/package.json": '{ "name": "wants", "type": "module", "exports": "./index.js" }',
    "node_modules/wants/index.js": 'import "surely-missing-too";',
    "node_modules/esm-only/package.json":
      '{ "name": "esm-only", "type": "module", "exports": { "import": "./index.js" } }',
    "node_modules/esm-only/index.js": "export const here = 1; await null;",
  });
  const cases: Readonly<Record<string, RegExp>> = {
    "no-main":
      /ImportError: import "no-main": expected all its files, got: Cannot find .*Install it anew: %npm install no-main/,
    "bad-json": /ImportError: import "bad-json": expected JSON in its package\.json, got: .*Install it anew/,
    throws: /RangeError: thrown while it loads/,
    "parts/three":
      /ImportError: import "parts\/three": expected a part that parts exports, got \.\/three\. It exports parts\/one, parts\/two\./,
    wants: /ImportError: import "wants": .*surely-missing-too/,
    "Not A Name": /ImportError: import "Not A Name": expected /,
  };
  for (const [specifier, expected] of Object.entries(cases)) assert.match(await at.error(load(specifier)), expected);
  assert.match(
    await at.error('require("esm-only")'),
    /require\("esm-only"\): expected CommonJS, got an ES module\. Write import … from/,
  );
  assert.equal(await at.value('(await import("esm-only" as string)).here'), 1);
});

test("names with spaces, other scripts, %, # and ? are names; links lead where they point", async (context) => {
  const at = folder(context);
  const names = ["with space", "größe ∇ 数", "100%", "50%25", "a#b", "what?", "quote's"];
  for (const name of names) {
    at.write({
      [`${name}/own ${name}.ts`]: `import { n } from "./deep#er.js"; export const at: string = import.meta.dirname; export const m = n + ${name.length};`,
      [`${name}/deep#er.ts`]: "export const n: number = 1;",
    });
    const code = `import { m, at } from ${JSON.stringify(`./${name}/own ${name}`)}; [m, at]`;
    assert.deepEqual(await at.value(code), [1 + name.length, join(at.path, name)], name);
  }
  assert.equal(await at.value(`(await import("./with%20space/own%20with%20space.ts?v=1" as string)).m`), 11);
  mkdirSync(join(at.path, "elsewhere"));
  at.write({
    "elsewhere/real.ts": 'import { near } from "./near"; export const real = {}; export const sum = near + 1;',
    "elsewhere/near.ts": "export const near = 1;",
  });
  symlinkSync(join(at.path, "elsewhere/real.ts"), join(at.path, "link.ts"));
  symlinkSync(join(at.path, "elsewhere"), join(at.path, "linked"));
  const links = '(await import("./link.ts" as string)).real === (await import("./linked/real.ts" as string)).real';
  assert.equal(await at.value(links), true);
});

test("circles of files, of CommonJS and of ES modules, end; a long chain is no problem", async (context) => {
  const at = folder(context);
  at.write({
    "a.cjs": 'exports.early = 1; const b = require("./b.cjs"); exports.seen = b.seen;',
    "b.cjs": 'exports.seen = require("./a.cjs").early;',
    "self.ts": 'import * as self from "./self"; export const me = 1; export const again = () => self.me;',
    "x.ts": 'export * from "./y"; export const x = 1;',
    "y.ts": 'export * from "./x"; export const y = 2;',
  });
  const chain = Array.from({ length: 200 }, (_, index) => [
    `chain/f${index}.ts`,
    index === 0
      ? "export const n: number = 0;"
      : `import { n as m } from "./f${index - 1}"; export const n: number = m + 1;`,
  ]);
  at.write(Object.fromEntries(chain) as Record<string, string>);
  assert.equal(await at.value('(require("./a.cjs") as { seen: number }).seen'), 1);
  assert.equal(await at.value('import { again } from "./self"; again()'), 1);
  assert.deepEqual(await at.value('import { x, y } from "./y"; [x, y]'), [1, 2]);
  assert.equal(await at.value('import { n } from "./chain/f199"; n'), 199);
});

test("CommonJS snippets run as they are pasted", async (context) => {
  const at = folder(context);
  at.write({
    "node_modules/old/package.json": '{ "name": "old", "version": "1.0.0" }',
    "node_modules/old/index.js": "module.exports = function old() { return this === undefined ? 'strict' : 'old'; };",
    "waits.ts": "await null; export const n = 1;",
  });
  assert.equal(
    await at.value(
      "const path = require('path'); const { basename } = require('node:path'); basename(path.join('a', 'b'))",
    ),
    "b",
  );
  assert.equal(await at.value("const old = require('old'); typeof old"), "function");
  assert.equal(
    await at.value("module.exports = { a: 1 }; typeof exports + typeof module.exports.a + typeof __filename"),
    "objectnumberstring",
  );
  assert.equal(await at.value("__dirname"), at.path);
  assert.equal(
    await at.value("require.resolve('old').endsWith('index.js') && require.main === undefined || true"),
    true,
  );
  assert.match(
    await at.error("require('./waits')"),
    /require\("\.\/waits"\): expected a module that need not wait, got a top-level await\. Write await import/,
  );
});
