import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { debugged } from "./debugged.js";

const dap = debugged();
const folder = mkdtempSync(join(tmpdir(), "nabla-debug-"));

after(() => rmSync(folder, { recursive: true, force: true }));

const typed = [
  "interface Options {",
  "  readonly times: number;",
  "}",
  "",
  "const scale: number = 10;",
  "/** A comment. */",
  "export function multiply(x: number, { times }: Options): number {",
  "  const result: number = x * times * scale;",
  "  return result;",
  "}",
].join("\n");

for (const [name, text, line, moved] of [
  ["typed file.ts", typed, 8, 8],
  ["typed.ts", typed, 7, 8],
  [
    "modern.mjs",
    "const scale = 10;\n\nexport function multiply(x, { times }) {\n  return x * times * scale;\n}\n",
    4,
    4,
  ],
  ["old.cjs", "const scale = 10;\nexports.multiply = (x, { times }) => {\n  return x * times * scale;\n};\n", 3, 3],
] as const) {
  test(`a breakpoint in ${name}, set before it was ever imported, stops there, and again after a reload`, async () => {
    const path = join(folder, name);
    writeFileSync(path, text);
    assert.deepEqual(await dap.breakAt(path, [line]), [moved]);
    const code = `{\n  const { multiply } = await import(${JSON.stringify(path)});\n  console.log(multiply(4, { times: 2 }));\n}`;
    const running = dap.execute(code);
    assert.match(await dap.stopped(), new RegExp(`multiply:${moved} breakpoint$`));
    const [frame] = await dap.frames();
    assert.deepEqual(frame?.source, { name, path });
    assert.equal((await dap.scope("Locals"))?.x, "4");
    assert.equal(await dap.evaluate("x * times", 0), "8");
    const { modules } = await dap.body("modules");
    assert.ok((modules as unknown as { path: string }[]).some((module) => module.path === path));
    assert.equal((await dap.body("source", { source: { path } })).content, text);
    await dap.go("stepOut");
    assert.match(await dap.stopped(), /In\[\d+\]:[34] step$/);
    await dap.go();
    assert.equal((await running).reply.content.status, "ok");

    writeFileSync(path, `${text}\n// changed`);
    const again = dap.execute(code);
    assert.match(await dap.stopped(), new RegExp(`multiply:${moved} breakpoint$`));
    await dap.go();
    await again;
  });
}

test("a step goes from a cell into a file, and a breakpoint in a file that is loaded already stops at once", async () => {
  const path = join(folder, "loaded.ts");
  writeFileSync(path, typed);
  const code = `import { multiply } from ${JSON.stringify(path)};\nconst before = 1;\nmultiply(before, { times: 3 });`;
  await dap.breakIn(code, [3]);
  let running = dap.execute(code);
  await dap.stopped();
  await dap.go("stepIn");
  assert.match(await dap.stopped(), /multiply:8 step$/);
  await dap.go();
  await running;
  await dap.breakIn(code, []);
  await dap.breakAt(path, [9]);
  running = dap.execute("multiply(1, { times: 1 });");
  assert.match(await dap.stopped(), /multiply:9 breakpoint$/);
  assert.equal((await dap.scope("Locals"))?.["(return value)"], "10");
  await dap.go();
  await running;
  const { variables } = await dap.body("inspectVariables");
  const imported = (variables as unknown as { name: string; value: string }[]).find(({ name }) => name === "multiply");
  assert.match(imported?.value ?? "", /^ƒ multiply\(x/);
});
