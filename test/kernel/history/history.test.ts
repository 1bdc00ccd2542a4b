import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createHistory, type History } from "../../../kernel/history/history.js";
import { historyFolder } from "../../../kernel/history/location.js";
import { readHistory } from "../../../kernel/protocol/history.js";

const root = mkdtempSync(join(tmpdir(), "nabla-history-"));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

/** A folder of its own, and histories that share it as kernels do. */
function place() {
  folders += 1;
  const folder = join(root, String(folders), "history");
  const logged: string[] = [];
  const open = (): History => createHistory({ folder, log: (text) => void logged.push(text) });
  return { folder, logged, open };
}

async function find(history: History, content: object): Promise<unknown> {
  const request = readHistory(content as Record<string, unknown>);
  assert.ok(request);
  return await history.find(request);
}

const tail = (n: number) => ({ hist_access_type: "tail", n });
const search = (pattern: string, more: object = {}) => ({ hist_access_type: "search", pattern, ...more });

const small = createHistory();
for (const [line, input] of ["let a = 1", "a", "let b = 2", "a", "f(x?)"].entries()) small.add(line + 1, input);
small.answer(4, "1");

test("tail gives the newest entries, oldest first, with outputs when asked", async () => {
  assert.deepEqual(await find(small, tail(2)), [
    [1, 4, "a"],
    [1, 5, "f(x?)"],
  ]);
  assert.deepEqual(await find(small, { ...tail(2), output: true }), [
    [1, 4, ["a", "1"]],
    [1, 5, ["f(x?)", null]],
  ]);
});

test("range gives lines of this session, its end excluded", async () => {
  assert.deepEqual(await find(small, { hist_access_type: "range", session: 0, start: 2, stop: 4 }), [
    [1, 2, "a"],
    [1, 3, "let b = 2"],
  ]);
  assert.deepEqual(await find(small, { hist_access_type: "range", session: -1, start: 0 }), []);
});

test("search matches whole texts by * and ?, once each when unique", async () => {
  assert.deepEqual(await find(small, search("let*")), [
    [1, 1, "let a = 1"],
    [1, 3, "let b = 2"],
  ]);
  assert.deepEqual(await find(small, search("a", { unique: true })), [[1, 4, "a"]]);
  assert.deepEqual(await find(small, search("f(x?)")), [[1, 5, "f(x?)"]]);
  assert.deepEqual(await find(small, search("*", { n: 1 })), [[1, 5, "f(x?)"]]);
});

test("an access type that does not exist is not a request", () => {
  assert.equal(readHistory({ hist_access_type: "everything" }), undefined);
});

test("a later session finds the cells of earlier ones, and counts back to them as IPython does", async () => {
  const { folder, open } = place();
  const first = open();
  first.add(1, "const shared = 1\nshared");
  first.answer(1, "1");
  await first.flush();
  const second = open();
  assert.deepEqual(await find(second, tail(5)), [[1, 1, "const shared = 1\nshared"]], "also before its first cell");
  second.add(1, "two");
  assert.deepEqual(await find(second, { ...tail(5), output: true }), [
    [1, 1, ["const shared = 1\nshared", "1"]],
    [2, 1, ["two", null]],
  ]);
  for (const session of [1, -1]) {
    assert.deepEqual(await find(second, { hist_access_type: "range", session, start: 1, stop: 2 }), [
      [1, 1, "const shared = 1\nshared"],
    ]);
  }
  assert.deepEqual(await find(second, search("*shared*", { unique: true })), [[1, 1, "const shared = 1\nshared"]]);
  assert.deepEqual(readdirSync(folder).sort(), ["1.jsonl", "2.jsonl"]);
  assert.equal(statSync(folder).mode & 0o777, 0o700, "nobody else may read it");
  assert.equal(statSync(join(folder, "1.jsonl")).mode & 0o777, 0o600);
});

test("a kernel that runs nothing writes nothing", async () => {
  const { folder, open } = place();
  assert.deepEqual(await find(open(), tail(5)), []);
  assert.throws(() => readdirSync(folder), /ENOENT/);
});

test("kernels that run at the same time never mix or lose a cell", async () => {
  const { open } = place();
  const kernels = Array.from({ length: 8 }, open);
  for (let line = 1; line <= 50; line++) for (const [i, kernel] of kernels.entries()) kernel.add(line, `cell ${i}`);
  await Promise.all(kernels.map((kernel) => kernel.flush()));
  const all = (await find(open(), tail(10_000))) as [number, number, string][];
  assert.equal(all.length, 400);
  const sessions = group(all);
  assert.equal(sessions.size, 8);
  for (const cells of sessions.values()) {
    assert.equal(new Set(cells.map(([, , input]) => input)).size, 1);
    assert.deepEqual(
      cells.map(([, line]) => line),
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
  }
});

function group(items: readonly [number, number, string][]): Map<number, [number, number, string][]> {
  const groups = new Map<number, [number, number, string][]>();
  for (const item of items) groups.set(item[0], [...(groups.get(item[0]) ?? []), item]);
  return groups;
}

test("a torn last line, rubbish and strange files cost nothing but themselves", async () => {
  const { folder, open } = place();
  mkdirSync(folder, { recursive: true });
  const good = JSON.stringify({ line: 1, input: "good" });
  writeFileSync(join(folder, "3.jsonl"), `${good}\n[1]\nnull\n{"line":"x"}\nnonsense\n{"line":2,"input":"to`);
  writeFileSync(join(folder, "notes.txt"), "mine");
  mkdirSync(join(folder, "7.jsonl"));
  const history = open();
  history.add(1, "next");
  assert.deepEqual(await find(history, tail(9)), [
    [3, 1, "good"],
    [8, 1, "next"],
  ]);
});

test("the folder is bounded: the oldest sessions go, and the newest cells of a session stay", async () => {
  const { folder, open } = place();
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= 230; number++) {
    writeFileSync(join(folder, `${number}.jsonl`), `${JSON.stringify({ line: 1, input: `s${number}` })}\n`);
  }
  const history = open();
  const text = "x".repeat(60_000);
  for (let line = 1; line <= 100; line++) history.add(line, `${line} ${text}`);
  history.add(101, "y".repeat(2_000_000));
  await history.flush();
  const files = readdirSync(folder);
  assert.equal(files.length, 200);
  assert.ok(!files.includes("31.jsonl") && files.includes("32.jsonl") && files.includes("231.jsonl"));
  const own = readFileSync(join(folder, "231.jsonl"), "utf8");
  assert.ok(own.length < 5_000_000, `${own.length} characters`);
  const lines = own
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { line: number }).line);
  assert.equal(lines.at(-1), 100, "a cell of two million characters is not remembered");
  assert.ok(lines.length > 30);
  assert.deepEqual(
    ((await find(history, tail(lines.length))) as unknown[][]).map(([, line]) => line),
    lines,
    "memory and file agree",
  );
});

test("a folder that cannot be written is said once, and the session's history works in memory", async (t) => {
  if (process.getuid?.() === 0) {
    const { folder, open, logged } = place();
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(folder, "a file, where root may write anything");
    await inMemory(open(), logged);
    return;
  }
  const { folder, open, logged } = place();
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o500);
  t.after(() => chmodSync(folder, 0o700));
  await inMemory(open(), logged);
});

async function inMemory(history: History, logged: readonly string[]): Promise<void> {
  history.add(1, "a");
  history.add(2, "b");
  assert.deepEqual(await find(history, tail(9)), [
    [1, 1, "a"],
    [1, 2, "b"],
  ]);
  assert.equal(logged.length, 1);
  assert.match(logged[0] ?? "", /^the history is not written any more: E/);
}

test("the folder is NABLA_HISTORY's, NABLA_HOME's or the user's data folder; off is off", () => {
  assert.equal(historyFolder({ NABLA_HISTORY: "/h", NABLA_HOME: "/n" }), "/h");
  assert.equal(historyFolder({ NABLA_HISTORY: "off", NABLA_HOME: "/n" }), undefined);
  assert.equal(historyFolder({ NABLA_HOME: "/n", XDG_DATA_HOME: "/d" }), join("/n", "history"));
  assert.equal(historyFolder({ XDG_DATA_HOME: "/d" }), join("/d", "nabla", "history"));
  assert.match(historyFolder({}) ?? "", /\.local.share.nabla.history$/);
});
