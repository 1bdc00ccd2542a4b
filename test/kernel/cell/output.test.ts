// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells hold templates.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { runSteps, type Step, type Transcript, textOf } from "./user-process.js";

const steps = {
  lines: { code: "for (let i = 0; i < 20000; i++) console.log(`line ${i}`);" },
  streams: {
    code: `console.log("a"); console.error("b"); process.stdout.write("c\\n"); process.stderr.write(Buffer.from("dé\\n"));
      console.table([{ x: 1 }]); console.group("g"); console.info("inside"); console.groupEnd(); console.dir({ deep: [1] });`,
  },
  encodings: {
    code: `process.stdout.write("aMOpIA==", "base64"); process.stdout.write("776 ", "latin1"); process.stdout.write("c3a9", "hex");
      process.stdout.write(" é∇ ", "utf8"); process.stdout.write("ü", "utf-8"); await new Promise<void>((r) => process.stdout.write("!", () => r()));`,
  },
  trace: { code: 'console.trace("tr %d", 1);' },
  late: {
    code: `setTimeout(() => console.log("late"), 60); Promise.resolve().then(async () => {
      await new Promise((r) => setTimeout(r, 80)); console.log("later"); }); "started"`,
  },
  next: { code: `console.log("next"); await new Promise((r) => setTimeout(r, 150));` },
  big: { code: "const part = 'x'.repeat(1 << 20); for (let i = 0; i < 40; i++) process.stdout.write(part);" },
  promises: { code: "console.log([Promise.resolve(1)], Promise.resolve('a')); ({ p: Promise.resolve(2) })" },
  undefinedResult: { code: "undefined" },
  silent: { code: "5", silent: true },
} satisfies Record<string, Step>;

let got: Record<keyof typeof steps, Transcript>;
before(async () => {
  const transcripts = await runSteps(Object.values(steps));
  got = Object.fromEntries(Object.keys(steps).map((name, index) => [name, transcripts[index]])) as typeof got;
});

test("20,000 lines arrive complete, in order and in under a second", () => {
  const expected = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join("");
  assert.equal(got.lines.stdout, expected);
  assert.ok(got.lines.milliseconds < 1000, `took ${got.lines.milliseconds} ms`);
});

test("console.trace says what it was given, and where it stands", () => {
  assert.match(got.trace.stderr, /^Trace: tr 1\n {4}at In\[\d+\]:1:9\n$/);
});

test("console and process streams go to stdout and stderr of the cell", () => {
  const { stdout, stderr } = got.streams;
  assert.match(stdout, /^a\nc\n/);
  assert.match(stdout, /│ \(index\) │ x/);
  assert.match(stdout, /g\n {2}inside\n/);
  assert.match(stdout, /deep/);
  assert.equal(stderr, "b\ndé\n");
});

test("text in another encoding stands for its bytes", () => {
  assert.equal(got.encodings.stdout, "hé 776 é é∇ ü!");
});

test("what timers and promises print later belongs to the cell that started them", () => {
  assert.equal(got.late.stdout, "late\nlater\n");
  assert.equal(textOf(got.late), "'started'");
  assert.equal(got.next.stdout, "next\n");
});

test("40 MB pass through the bounded channel without loss", () => {
  assert.equal(got.big.stdout.length, 40 << 20);
});

test("promises show what is in them, and nothing of how the kernel follows them", () => {
  assert.equal(stripVTControlCharacters(got.promises.stdout), "[ Promise { 1 } ] Promise { 'a' }\n");
  assert.equal(textOf(got.promises), "{ p: Promise { 2 } }");
});

test("undefined and silent cells have no result", () => {
  assert.deepEqual(got.undefinedResult.outcome, { status: "ok" });
  assert.deepEqual(got.silent.outcome, { status: "ok" });
});
