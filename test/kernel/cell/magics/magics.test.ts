import assert from "node:assert/strict";
import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { duration } from "../../../../kernel/cell/magics/duration.js";
import { table } from "../../../../kernel/cell/magics/help.js";
import { measure } from "../../../../kernel/cell/magics/timeit.js";
import { magics } from "../../../../kernel/magics.js";
import { root } from "../../../root.js";
import { HeardCells, withHost } from "./heard.js";

withHost();
const cells = new HeardCells();
const started = process.cwd();
after(() => process.chdir(started));

async function error(code: string): Promise<string> {
  const { error } = await cells.hear(code);
  assert.ok(error, `expected an error of ${code}`);
  return `${error.ename}: ${error.evalue}`;
}

test("%time prints the times, shows the value and keeps the names", async () => {
  const { value, stdout } = await cells.hear(
    "%time await new Promise<number>((done) => setTimeout(() => done(42), 30))",
  );
  assert.equal(value, 42);
  const wall = Number(/Wall time: ([\d.]+) ms/.exec(stdout)?.[1]);
  assert.ok(wall >= 29 && wall < 2000, stdout);
  assert.match(
    (await cells.hear("%time const twice = (x: number) => 2 * x; const kept = twice(4)")).stdout,
    /Wall time/,
  );
  assert.equal((await cells.hear("kept + twice(1)")).value, 10);
  const promise = await cells.hear("%time Promise.resolve(1)\nundefined");
  assert.match(promise.stdout, /put await before it/);
});

test("%time takes a statement over many lines, and %%time the whole cell with its imports", async () => {
  const many = await cells.hear("%time [1, 2].map((x) => {\n  return x + 1;\n})\nconst after = 1; after");
  assert.match(many.stdout, /Wall time/);
  assert.equal(many.value, 1);
  const whole = await cells.hear('%%time\nimport { sep } from "node:path";\nlet whole = sep.length;\nwhole');
  assert.match(whole.stdout, /Wall time/);
  assert.equal(whole.value, 1);
  assert.equal((await cells.hear("whole + sep.length")).value, 2);
});

test("code behind a magic is checked, and errors are where the user wrote them", async () => {
  assert.match(await error("let ok = 1;\n%time ok.nothing"), /In\[\d+\]:2:10 Property 'nothing' does not exist/);
  assert.match(await error("%timeit -n 10 missing()"), /In\[\d+\]:1:15 Cannot find name 'missing'/);
  assert.match(await error("%%timeit\nmissing()"), /In\[\d+\]:2:1 Cannot find name/);
  const { error: thrown } = await cells.hear('%cd nowhere\nlet below = 1;\n%time (() => { throw new Error("no") })()');
  assert.match(thrown?.traceback.join("\n") ?? "", /In\[\d+\]:1:1/);
  const later = await cells.hear('let below = 1;\n%time (() => { throw new Error("no") })()');
  assert.match(later.error?.traceback.join("\n") ?? "", /In\[\d+\]:2:\d+/);
});

test("%timeit measures, awaits promises, and keeps its names to itself", async () => {
  const { stdout, value } = await cells.hear("%timeit -n 50 -r 3 const inner = 1; inner + 1");
  assert.match(stdout, /per loop \(mean ± std\. dev\. of 3 runs, 50 loops each\), best /);
  assert.equal(value, undefined);
  assert.match(await error("inner"), /Cannot find name 'inner'/);
  assert.match(await error("%timeit -n 1 -r 1 const local = 1\nlocal"), /ReferenceError: local is not defined/);
  assert.match((await cells.hear("%timeit -n 3 -r 2 await Promise.resolve(1)")).stdout, /3 loops each, awaited/);
  assert.match((await cells.hear("%timeit -n 3 -r 1 Promise.resolve(1)")).stdout, /1 run, 3 loops each, awaited/);
  const setup = "let calls = 0, prepared = 0;";
  await cells.hear(setup);
  await cells.hear("%%timeit -n 5 -r 2 prepared++\ncalls++;");
  assert.deepEqual((await cells.hear("[prepared, calls]")).value, [1, 11]);
  assert.match(await error("%timeit -n 0 1"), /MagicError: %timeit -n: expected a number from 1, got 0/);
  assert.match(await error('%timeit (() => { throw new RangeError("bad") })()'), /RangeError: bad/);
});

test("a run of %timeit is long enough to be measured, and the mean lies above the best", async () => {
  const timing = await measure(() => Math.hypot(3, 4), { runs: 2 });
  assert.ok(timing.loops > 1000, String(timing.loops));
  assert.ok(timing.best > 0 && timing.best <= timing.mean);
  assert.equal(timing.awaited, false);
});

test("times are written with three digits and a fitting unit", () => {
  const texts = [0, 2.34567e-6, 0.0123456, 0.99999, 12.3456, 59_999, 125_000].map(duration);
  assert.deepEqual(texts, ["0 ns", "2.35 ns", "12.3 µs", "1 ms", "12.3 ms", "60 s", "2 min 5 s"]);
});

test("%who lists names with types and values, and %reset forgets them all", async () => {
  await cells.hear("%reset");
  assert.match((await cells.hear("%who")).stdout, /no names yet/);
  await cells.hear(
    "interface Point { x: number }\nconst origin: Point = { x: 0 };\nclass Big {}\nlet list = [1, 2, 3];",
  );
  const { shown } = await cells.hear("const own = `<b>`;\n%who");
  const lines = String(shown[0]?.data["text/plain"])
    .split("\n")
    .map((line) => line.split(/\s{2,}/));
  assert.deepEqual(lines, [
    ["name", "type", "value"],
    ["Big", "class", "[class Big]"],
    ["Point", "interface"],
    ["list", "number[]", "[ 1, 2, 3 ]"],
    ["origin", "Point", "{ x: 0 }"],
    ["own", '"<b>"', "'<b>'"],
  ]);
  assert.match(String(shown[0]?.data["text/html"]), /&lt;b&gt;/);
  assert.match(await error("%who zzz"), /expected a part of a name/);
  assert.match((await cells.hear("%reset\nlet kept = 1;")).stdout, /^Forgot .*origin/);
  for (const name of ["origin", "list", "own"])
    assert.match(await error(name), new RegExp(`Cannot find name '${name}'`));
  assert.match(await error("let p: Point"), /Cannot find name 'Point'/);
  assert.equal((await cells.hear("kept")).value, 1);
  assert.match(await error("%reset now"), /%reset: expected nothing behind it/);
});

test("%env shows, sets and hides", async () => {
  const { stdout } = await cells.hear("%env NABLA_TEST_X=a b = c\n%env NABLA_TEST_X");
  assert.equal(stdout, "NABLA_TEST_X=a b = c\na b = c\n");
  assert.equal(process.env.NABLA_TEST_X, "a b = c");
  assert.equal((await cells.hear('%env NABLA_TEST_TOKEN "quoted"\nprocess.env.NABLA_TEST_TOKEN')).value, "quoted");
  const all = (await cells.hear("%env")).stdout;
  assert.match(all, /^NABLA_TEST_TOKEN=<hidden>$/m);
  assert.match(all, /^NABLA_TEST_X=a b = c$/m);
  assert.match(await error("%env NABLA_TEST_Y"), /not set\. Did you mean NABLA_TEST_X\?/);
  assert.match(await error("%env ="), /expected NAME or NAME=value, got "="/);
  delete process.env.NABLA_TEST_X;
  delete process.env.NABLA_TEST_TOKEN;
});

test("%cd changes the folder of files and processes, and imports stay with the notebook", async () => {
  const inner = join(realpathSync(cells.directory), "in ner ü");
  mkdirSync(inner);
  assert.equal((await cells.hear(`%cd ${cells.directory}`)).stdout, `${realpathSync(cells.directory)}\n`);
  assert.equal((await cells.hear("%cd in ner ü\nprocess.cwd()")).value, inner);
  assert.equal((await cells.hear("%cd -\nprocess.cwd()")).value, realpathSync(cells.directory));
  assert.match(await error("%cd in ner"), /expected a folder, got nothing at .*in ner\. Did you mean in ner ü\?/);
  assert.equal((await cells.hear("%cd\nprocess.cwd()")).value, realpathSync(homedir()));
  assert.match(await error("%cd /etc/hostname/x"), /expected a folder/);
  assert.equal((await cells.hear("import.meta.dirname")).value, cells.directory);
});

test("%%html, %%js and %%markdown show their text as it is", async () => {
  const bundle = async (code: string) => (await cells.hear(code)).shown[0]?.data;
  assert.deepEqual(await bundle("%%html\n<b>ü</b> `$x`"), {
    "text/html": "<b>ü</b> `$x`",
    "text/plain": "<b>ü</b> `$x`",
  });
  assert.equal((await bundle("%%js\nalert('%cd')"))?.["application/javascript"], "alert('%cd')");
  assert.equal((await bundle("%%markdown\n# a\n"))?.["text/markdown"], "# a\n");
  assert.match(await error("%%html"), /expected text in the lines below/);
  assert.match(await error("%%js x\n1"), /expected nothing behind it, got "x"/);
});

test("%help lists all magics or explains one", async () => {
  const all = (await cells.hear("%help")).shown[0]?.data;
  assert.match(String(all?.["text/plain"]), /%%bash\n {4}Runs the cell in bash/);
  assert.match(String(all?.["text/markdown"]), /\| `%cd folder`<br>/);
  assert.match(String((await cells.hear("%cd?")).shown[0]?.data["text/plain"]), /^%cd folder\n/);
  assert.match(await error("%help tmie"), /Did you mean time\?/);
});

test("docs/magics.md has the table that %help shows", () => {
  const docs = readFileSync(join(root, "docs/magics.md"), "utf8");
  assert.ok(docs.includes(`\n${table(magics)}\n`), "put the output of %help into docs/magics.md");
});

test("an unknown magic is an error before anything of the cell runs", async () => {
  await cells.hear("let untouched = 1;");
  assert.match(await error("untouched = 2;\n%tmie x"), /In\[\d+\]:2:1 %tmie: expected a magic.*Did you mean %time\?/);
  assert.equal((await cells.hear("untouched")).value, 1);
});

test("a line that means a shell is told how to reach one", async () => {
  const below = "expected TypeScript, got what looks like a shell command. Write";
  const expected = {
    "!ls": `In[N]:1:1 !ls: ${below} %%bash in the first line of a cell, and ls below it.`,
    "let a = 1;\n  !ls -la | grep 'x'": `In[N]:2:3 !ls: ${below} %%bash in the first line of a cell, and ls -la | grep 'x' below it.`,
    "! pip install --upgrade numpy": `In[N]:1:1 !pip: ${below} %%bash in the first line of a cell, and pip install --upgrade numpy below it.`,
    "!npm install lodash": `In[N]:1:1 !npm: ${below} %npm install lodash.`,
    "!./run.sh 1": `In[N]:1:1 !./run.sh: ${below} %%bash in the first line of a cell, and ./run.sh 1 below it.`,
    "const b = 2\n!cd data\n!ls": `In[N]:2:1 !cd: ${below} %cd data.`,
  };
  for (const [code, text] of Object.entries(expected)) {
    const { error } = await cells.hear(code);
    assert.equal(error?.evalue.replace(/In\[\d+\]/, "In[N]"), text, code);
    assert.doesNotMatch(error?.traceback.join("\n") ?? "", /TS\d/, code);
  }
  assert.equal((await cells.hear("let ls = 0, la = 0;\n!ls")).value, true);
  assert.match(await error("!(missing)"), /Cannot find name 'missing'/);
  assert.match(await error("const c =\n!missing"), /Cannot find name 'missing'/);
  assert.doesNotMatch(await error("!ls && (1"), /shell/);
});
