import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { printed } from "../client.js";
import { debugged } from "./debugged.js";

const dap = debugged();
const folder = mkdtempSync(join(tmpdir(), "nabla-debug-"));
writeFileSync(join(folder, "plain.mjs"), "export const x = 1;\n");

after(() => rmSync(folder, { recursive: true, force: true }));

test("rich inspection shows what a value displays, while the cell runs, stands or is over", async () => {
  await dap.execute(`
    const display = Symbol.for("Jupyter.display");
    const figure = { [display]: () => ({ "text/html": "<b>figure</b>", "text/plain": "a figure" }) };
    const slow = { [display]: async () => ({ "text/html": "<i>slow</i>" }) };
    const broken = { [display]() { throw new Error("broken") } };
  `);
  const shown = async (variableName: string, frameId?: number) =>
    (await dap.body("richInspectVariables", { variableName, frameId })).data as Record<string, string>;
  assert.deepEqual(await shown("figure"), { "text/html": "<b>figure</b>", "text/plain": "a figure" });
  assert.equal((await shown("slow"))["text/html"], "<i>slow</i>");
  const code = "function local() {\n  const inner = { deep: [1, 2] };\n  return inner;\n}\nlocal();";
  await dap.breakIn(code, [3]);
  const running = dap.execute(code);
  await dap.stopped();
  const frameId = (await dap.frames())[0]?.id;
  assert.deepEqual(await shown("inner", frameId), { "text/plain": "{ deep: [ 1, 2 ] }" });
  assert.deepEqual(await shown("figure", frameId), { "text/html": "<b>figure</b>", "text/plain": "a figure" });
  assert.deepEqual(Object.keys(await shown("slow", frameId)), ["text/plain"], "nothing can be awaited at a stop");
  assert.deepEqual(Object.keys(await shown("broken", frameId)), ["text/plain"]);
  await dap.go();
  await running;
});

test("a local copied to the globals is there for later cells, whatever its type", async () => {
  const code = "let target = 'text';\n{\n  const found = { answer: 42 };\n  console.log(found);\n}";
  await dap.breakIn(code, [4]);
  const running = dap.execute(code);
  await dap.stopped();
  const srcFrameId = (await dap.frames())[0]?.id;
  await dap.body("copyToGlobals", { srcVariableName: "found", dstVariableName: "kept", srcFrameId });
  await dap.body("copyToGlobals", { srcVariableName: "target", dstVariableName: "copy", srcFrameId });
  await dap.go();
  await running;
  const { outputs, reply } = await dap.execute("console.log(String(kept.answer + 1), copy);");
  assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
  assert.equal(printed(outputs), "43 text\n");
});

test("breakpoints go to where something runs: past types and comments, to the start of what spans lines", async () => {
  const code = [
    "// a comment",
    "interface Shape { sides: number }",
    "",
    "const shape: Shape = {",
    "  sides: 4,",
    "};",
    "function area(side: number): number {",
    "  return side",
    "    * side;",
    "}",
    "const doubled = [1, 2]",
    "  .map((n) => n * 2);",
    "// the end",
  ].join("\n");
  assert.deepEqual(await dap.breakIn(code, [1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13, 99]), [
    4,
    4,
    4,
    4,
    4,
    8,
    8,
    11,
    11,
    12,
    undefined,
    undefined,
  ]);
  const running = dap.execute(code);
  for (const line of [4, 11, 12, 12]) {
    assert.match(await dap.stopped(), new RegExp(`:${line} breakpoint$`));
    await dap.go();
  }
  await running;
});

test("requests that make no sense are refused with a reason, and nothing breaks", async () => {
  const refusals: [command: string, args: Record<string, unknown>, reason: RegExp][] = [
    ["fly", {}, /expected a command that this debugger knows, got "fly"/],
    ["constructor", {}, /expected a command/],
    ["dumpCell", {}, /dumpCell: expected code, a string, got nothing/],
    ["setBreakpoints", { source: {}, breakpoints: [] }, /expected path, a string/],
    ["setBreakpoints", { source: { path: "/nowhere.ts" }, breakpoints: [{ line: 1 }] }, /expected a readable file/],
    ["setBreakpoints", { source: { path: folder }, breakpoints: [{ line: 1 }] }, /expected a file/],
    ["setBreakpoints", { source: { path: join(folder, "plain.mjs") }, breakpoints: "x" }, /a list of objects/],
    ["setBreakpoints", { source: { path: join(folder, "plain.mjs") }, breakpoints: [{}] }, /expected line/],
    ["setExceptionBreakpoints", { filters: [1] }, /a list of strings/],
    ["stackTrace", { threadId: 1 }, /expected a stopped thread/],
    ["continue", { threadId: 7 }, /expected threadId 1, the only one, got 7/],
    ["scopes", { frameId: 1 }, /expected a stopped thread/],
    ["variables", { variablesReference: 987654 }, /expected a variablesReference of this stop, got 987654/],
    ["variables", {}, /expected variablesReference, a number, got nothing/],
    ["variables", { variablesReference: "1" }, /an integer/],
    ["richInspectVariables", { variableName: "a b" }, /the name of a variable/],
    ["richInspectVariables", { variableName: "nowhere" }, /ReferenceError: nowhere is not defined/],
    ["copyToGlobals", { srcVariableName: "a", dstVariableName: "1", srcFrameId: 1 }, /the name of a variable/],
    ["evaluate", { expression: "1", frameId: 5 }, /expected a stopped thread/],
    ["source", { source: { path: "/nowhere" } }, /expected a readable file/],
    ["exceptionInfo", { threadId: 1 }, /expected a stopped thread/],
  ];
  for (const [command, args, reason] of refusals) assert.match(await dap.refusal(command, args), reason, command);
  const unknown = (await dap.body("debugInfo")).tmpFilePrefix as unknown as string;
  const stale = { source: { path: `${unknown}123.ts` }, breakpoints: [{ line: 1 }] };
  assert.match(await dap.refusal("setBreakpoints", stale), /expected the path of a cell that was dumped or ran/);
  const { reply } = await dap.kernel.request("debug_request", { seq: "x", arguments: 3 }, "control");
  assert.deepEqual([reply.content.success, reply.content.command], [false, "(none)"]);
  await dap.body("disconnect");
  assert.match(await dap.refusal("threads"), /send initialize and attach first/);
  assert.equal((await dap.execute("1 + 1")).reply.content.status, "ok");
});
