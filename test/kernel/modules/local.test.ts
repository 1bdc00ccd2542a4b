// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files hold templates.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Folder } from "./folder.js";

function folder(context: TestContext): Folder {
  const made = new Folder();
  context.after(() => made.remove());
  return made;
}

test("local files of every kind import each other, with or without extension", async (context) => {
  const at = folder(context);
  at.write({
    "a.ts":
      'import { b } from "./b"; import c from "./c.js"; import { d } from "./lib"; export const all: string[] = ["a", b, c, d];',
    "b.tsx": 'export const b = "b"; type Unused = string;',
    "c.ts": 'import * as e from "./e.mjs"; export default "c" + e.e + e.f;',
    "lib/index.ts":
      'import data from "../data.json" with { type: "json" }; import { g } from "./g.cjs"; export const d = data.name + g;',
    "lib/g.cts": 'import path = require("node:path"); export const g = path.basename("/x/g");',
    "e.mts": 'export const e = "e"; export * from "./f.js";',
    "f.js": 'import fs from "node:fs"; export const f = typeof fs.readFileSync === "function" ? "f" : "?";',
    "f.d.ts": "export declare const f: string;",
    "data.json": '{ "name": "json" }',
    "old.cjs": 'const { h } = require("./h"); exports.old = h + __filename.slice(-7) + require("./data.json").name;',
    "h.js": 'module.exports = { h: "h", later: () => import("./b") };',
  });
  assert.deepEqual(await at.value('import { all } from "./a"; all'), ["a", "b", "cef", "jsong"]);
  assert.deepEqual(await at.value('import { all as again } from "./a.ts"; again === all'), true);
  assert.equal(await at.value('import { old } from "./old.cjs"; old'), "hold.cjsjson");
  assert.equal(await at.value('const h = await import("./h.js"); (await h.later()).b'), "b");
  assert.equal(await at.value('require("./a").all === all'), true);
  assert.equal(await at.value('import("./a.js").then((a) => a.all === all)'), true);
});

test("ES modules keep their ways: cycles, live bindings, top-level await, import.meta, export *", async (context) => {
  const at = folder(context);
  at.write({
    "count.ts": "export let count = 0; export function add() { return ++count; }",
    "even.ts":
      'import { odd } from "./odd"; export function even(n: number): boolean { return n === 0 || odd(n - 1); }',
    "odd.ts":
      'import { even } from "./even"; export function odd(n: number): boolean { return n !== 0 && even(n - 1); }',
    "slow.ts": 'await new Promise((done) => setTimeout(done, 20)); export const slow = "slow"; order.push("slow");',
    "quick.ts": 'order.push("quick"); export {};',
    "user.ts":
      'import { slow } from "./slow"; import "./quick"; order.push("user"); export * from "./count"; export { slow as renamed };',
    "types.d.ts": "declare global { var order: string[]; } export {};",
    "meta.ts":
      'export const meta = [import.meta.filename, import.meta.dirname, import.meta.url, import.meta.resolve("./count.js"), await import("./even").then(({ even }) => even(10))];',
    "self.ts": "export default class { static self = import.meta.url; } export const whoAmI = import.meta.url;",
  });
  assert.deepEqual(await at.value('import * as c from "./count"; [c.count, c.add(), c.count]'), [0, 1, 1]);
  assert.equal(await at.value('import { even } from "./even"; even(101)'), false);
  await at.value("globalThis.order = []; declare global { var order: string[] }");
  assert.deepEqual(await at.value('import { renamed, count, add } from "./user"; [renamed, [...order]]'), [
    "slow",
    ["quick", "slow", "user"],
  ]);
  assert.deepEqual(
    await at.value('const user = await import("./user"); add(); [user.count, c.count, Object.keys(user).sort()]'),
    [2, 2, ["add", "count", "renamed"]],
  );
  await at.value('import { count, add as more } from "./count"; const start = count;');
  assert.deepEqual(
    await at.value("more(); [count - start, Object.hasOwn(c, 'count')]"),
    [1, true],
    "alive in later cells",
  );
  assert.equal(await at.value("const count = 'own'; count"), "own", "and may be redefined");
  const [filename, dirname, url, resolved, even] = (await at.value('import { meta } from "./meta"; meta')) as string[];
  assert.deepEqual([filename, dirname, even], [join(at.path, "meta.ts"), at.path, true]);
  assert.match(`${url} ${resolved}`, /^file:.*\/meta\.ts file:.*\/count\.ts$/);
});

test("a changed file is read anew by the cell that imports it, and so are its importers; others keep their state", async (context) => {
  const at = folder(context);
  at.write({
    "state.ts": "export const born = {}; export let hits = 0; export const hit = () => ++hits;",
    "deep.ts": "export const version: number = 1;",
    "middle.ts": 'export { version } from "./deep"; import { hit } from "./state"; hit();',
    "top.ts":
      'import { version } from "./middle"; import { born } from "./state"; export const seen = () => version; export { born };',
  });
  const cell = 'import { seen, born } from "./top"; import { hits } from "./state"; [seen(), hits, born]';
  const [first, hits, born] = (await at.value(cell)) as unknown[];
  assert.deepEqual([first, hits], [1, 1]);
  assert.deepEqual(((await at.value(cell)) as unknown[]).slice(0, 2), [1, 1], "nothing changed, nothing ran again");
  at.write({ "deep.ts": "export const version: number = 2;" });
  const [second, more, same] = (await at.value(cell)) as unknown[];
  assert.deepEqual([second, more], [2, 2]);
  assert.equal(same, born);
  at.write({ "state.ts": "export const born = {}; export let hits = 100; export const hit = () => ++hits;" });
  const [third, fresh, other] = (await at.value(cell)) as unknown[];
  assert.deepEqual([third, fresh], [2, 101]);
  assert.notEqual(other, born);
});

test("a file is run against the present version of what it imports, also if others imported that meanwhile", async (context) => {
  const at = folder(context);
  at.write({ "r1.ts": "export const v: number = 1;", "r2.ts": 'import { v } from "./r1"; export const w = v * 10;' });
  assert.deepEqual(await at.value('import * as R1 from "./r1"; import { w } from "./r2"; [R1.v, w]'), [1, 10]);
  at.write({ "r1.ts": "export const v: number = 2; //" });
  assert.equal(await at.value('import * as R1 from "./r1"; R1.v'), 2);
  at.write({ "r1.ts": "export const v: number = 33; // 3" });
  assert.equal(await at.value('import { w } from "./r2"; w'), 330);
});

test("what failed to load is read anew: a mended error, a file that was missing, one that was removed", async (context) => {
  const at = folder(context);
  at.write({
    "a.js": 'import { b } from "./b.js"; export const a = b + 1;',
    "b.js": 'throw new RangeError("not yet");',
  });
  const cell = 'const { a } = await import("./a.js"); a';
  assert.match(await at.error(cell), /RangeError: not yet/);
  assert.match(await at.error(cell), /RangeError: not yet/);
  at.write({ "b.js": "export const b = " });
  assert.match(await at.error(cell), /\.\/b\.js:1:17 Expression expected/);
  at.write({ "b.js": "export const b = 41;" });
  assert.equal(await at.value(cell), 42);
  rmSync(join(at.path, "b.js"));
  assert.match(
    await at.error(cell),
    /import "\.\/b\.js" in \.\/a\.js: expected a file, got nothing at .*b\.js\. Did you mean/,
  );
  at.write({ "b.ts": "export const b: number = 1;" });
  assert.equal(await at.value(cell), 2);
});

test("an error in a local file shows the line of its TypeScript, of the version that threw", async (context) => {
  const at = folder(context);
  at.write({
    "thrower.ts":
      "interface Long {\n  a: string;\n}\nexport function fails(x: number): never {\n  throw new RangeError(`bad ${x}`);\n}\n",
  });
  await at.value('import { fails } from "./thrower"; const old = fails;');
  assert.match(await at.error("console.assert(true);\nold(1)"), /thrower\.ts:5:9/);
  at.write({ "thrower.ts": "\n\nexport function fails(x: number): never {\n  throw new RangeError(`new ${x}`);\n}\n" });
  const stack =
    "const stackOf = (f: (x: number) => never) => { try { f(3); } catch (e) { return (e as Error).stack; } };";
  await at.value(`import { fails } from "./thrower"; ${stack}`);
  assert.match(String(await at.value("stackOf(fails)")), /new 3\n {4}at fails \(.*\/thrower\.ts\?2:4:9\)/);
  assert.match(String(await at.value("stackOf(old)")), /bad 3\n {4}at .*fails \(.*\/thrower\.ts:5:9\)/);
});
