import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { root } from "../root.js";
import { type KernelClient, startKernel } from "./client.js";

/** What a cell of the fixture must show: a message, its MIME type (stream, error) and a part of its text. */
type Shows = readonly [type: string, kind: string, text: string];

interface NotebookFile {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly metadata: { readonly shows?: readonly Shows[] };
    readonly source: readonly string[];
  }[];
}

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel();
});
after(() => kernel?.close());

test("a notebook written for tslab runs unchanged, cell by cell", async () => {
  const file = readFileSync(join(root, "test/fixtures/tslab.ipynb"), "utf8");
  const { cells } = JSON.parse(file) as NotebookFile;
  for (const { cell_type, metadata, source } of cells) {
    if (cell_type !== "code") continue;
    const code = source.join("");
    const { outputs } = await kernel.execute(code);
    const shown = outputs.filter(({ header }) => header.msg_type !== "execute_input");
    const expected = metadata.shows ?? [];
    assert.deepEqual(
      shown.map(({ header }) => header.msg_type),
      expected.map(([type]) => type),
      `${code}\n${JSON.stringify(shown.map(({ content }) => content))}`,
    );
    for (const [index, [, kind, text]] of expected.entries()) {
      const found = textOf(shown[index]!.content, kind);
      assert.ok(found.includes(text), `${code}\nexpected ${text}, got ${found}`);
    }
  }
});

test("what newDisplay shows keeps its id, and two of them differ", async () => {
  const { outputs } = await kernel.execute("progress.text('a'); other.text('b'); tslab.newDisplay().text('c');");
  const shown = outputs.filter(({ header }) => header.msg_type.endsWith("display_data"));
  const ids = shown.map(({ content }) => (content.transient as { display_id: string }).display_id);
  assert.equal(new Set(ids).size, 3);
  assert.deepEqual(
    shown.map(({ header }) => header.msg_type),
    ["update_display_data", "update_display_data", "display_data"],
  );
});

/** The text of an output: of its stream, its error or one MIME type of its bundle. */
function textOf(content: Readonly<Record<string, unknown>>, kind: string): string {
  if (typeof content.text === "string") return content.name === kind ? content.text : "";
  if (typeof content.ename === "string") {
    return content.ename === kind ? stripVTControlCharacters(String(content.evalue)) : "";
  }
  return String((content.data as Record<string, unknown>)[kind]);
}

/** Runs a cell that must go well: what it showed, as `[message, content]`. */
async function shownBy(code: string): Promise<[string, Readonly<Record<string, unknown>>][]> {
  const { reply, outputs } = await kernel.execute(code);
  assert.equal(reply.content.status, "ok", `${code}\n${reply.content.evalue}`);
  const shown = outputs.filter(({ header }) => header.msg_type !== "execute_input");
  return shown.map(({ header, content }) => [header.msg_type, content]);
}

test("the helpers of Deno's notebooks are in nabla/jupyter, with types", async () => {
  const [[type, { data }] = ["", {}]] = await shownBy(
    'import { broadcast, clearOutput, $display, display, format, html, md, type MediaBundle } from "nabla/jupyter";\nmd`# 2`',
  );
  assert.equal(type, "execute_result");
  assert.equal((data as Record<string, unknown>)["text/markdown"], "# 2");
  const live = await shownBy(`await display(html\`<b>1</b>\`, { display_id: "live" });
    await display({ "text/html": "<b>2</b>" }, { raw: true, update: true, display_id: "live" });
    clearOutput({ wait: true });
    await broadcast("display_data", { data: { "text/plain": "sent" }, metadata: {}, transient: {} });`);
  assert.deepEqual(
    live.map(([type]) => type),
    ["display_data", "update_display_data", "clear_output", "display_data"],
  );
  assert.deepEqual(live[1]?.[1], {
    data: { "text/html": "<b>2</b>" },
    metadata: {},
    transient: { display_id: "live" },
  });
  const own = `const own = { [$display]: (): MediaBundle => ({ "image/svg+xml": "<svg/>" }) };
    const foreign = { [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<i>f</i>", "text/plain": "f" }) };
    await display(foreign);
    console.log(JSON.stringify(await format(own)));\nown`;
  const [first, second, third] = await shownBy(own);
  assert.deepEqual(first?.[1].data, { "text/html": "<i>f</i>", "text/plain": "f" });
  assert.match(String(second?.[1].text), /"image\/svg\+xml":"<svg\/>"/);
  assert.equal((third![1].data as Record<string, unknown>)["image/svg+xml"], "<svg/>");
});

test("a comm that is opened by hand is listed while it is open", async () => {
  const comms = async (): Promise<unknown> => (await kernel.request("comm_info_request")).reply.content.comms;
  await shownBy('await broadcast("comm_open", { comm_id: "own", target_name: "t", data: {} });');
  assert.deepEqual(await comms(), { own: { target_name: "t" } });
  await shownBy('await broadcast("comm_close", { comm_id: "own", data: {} });');
  assert.deepEqual(await comms(), {});
});

test("a value is displayed in the middle of a cell as it would be at its end", async () => {
  const [[, shown] = [], [, result] = []] = await shownBy("const v = { a: [1, 2n] }; await display(v);\nv");
  assert.deepEqual(shown?.data, result?.data);
});

test("what nabla/jupyter cannot do is said, by the checker or by the cell", async () => {
  const error = async (code: string): Promise<string> => {
    const { ename, evalue } = (await kernel.execute(code)).reply.content;
    return `${ename}: ${evalue}`;
  };
  assert.match(await error("await display(1, { updat: true })"), /^TypeScriptError.*'updat' does not exist/);
  assert.match(
    await error("await display(1, { update: true })"),
    /^ValueError: display: update: expected a display_id/,
  );
  assert.match(await error("await display(1, { raw: true })"), /^ValueError: display: raw: expected a MIME bundle/);
  assert.match(await error('await broadcast("status", { execution_state: "idle" })'), /got "status"/);
  assert.match(await error('await broadcast("custom", { big: 1n })'), /broadcast: content/);
  assert.match(await error('import { input } from "nabla/jupyter"; await input("Name? ")'), /takes no input/);
});

test("input and password of nabla/jupyter ask the user", async () => {
  const code =
    'import * as jupyter from "nabla/jupyter"; [await jupyter.input("Name? "), await jupyter.password()].join(" ")';
  const running = kernel.execute(code, { allow_stdin: true });
  for (const [prompt, password] of [
    ["Name? ", false],
    ["Password: ", true],
  ]) {
    const { content } = await kernel.question();
    assert.deepEqual([content.prompt, content.password], [prompt, password]);
    kernel.send("stdin", "input_reply", { value: String(password), status: "ok" });
  }
  const { outputs } = await running;
  assert.match(JSON.stringify(outputs.at(-1)?.content), /false true/);
});
