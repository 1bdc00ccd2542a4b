import assert from "node:assert/strict";
import { before, test } from "node:test";
import { errorOf, runSteps, type Step, type Transcript, textOf } from "./user-process.js";

const steps = {
  host: {
    code: `const host = () => (globalThis as any)[Symbol.for("nabla.host")]; const shown = Symbol.for("Jupyter.display");`,
  },
  display: {
    code: `host().display({ data: { "text/plain": "one" }, metadata: {} }, "id-1"); host().clear(true);
      host().update("id-1", { data: { "text/plain": "two" }, metadata: {} });`,
  },
  laterDisplay: { code: `setTimeout(() => host().display({ data: { "text/plain": "late" }, metadata: {} }), 30); 0` },
  meanwhile: { code: "await new Promise((r) => setTimeout(r, 80)); 1" },
  asked: { code: `[await host().input("name? "), await host().input("secret? ", true)]`, answers: ["Ada", "42"] },
  refused: { code: `await host().input("name? ")`, answers: [null] },
  comm: {
    code: `const comm = host().openComm("jupyter.widget", { data: { state: 1 } }); const got: unknown[] = [];
      const closed = new Promise<void>((resolve) => comm.onClose(() => resolve()));
      comm.onMessage((message: any) => { got.push(message.data); comm.send({ data: { reply: 1 } }); console.log("heard"); }); await closed; got`,
    comm: { hello: "kernel" },
  },
  bundle: { code: `({ [shown]: () => ({ "text/html": "<b>x</b>", "image/png": new Uint8Array([1, 2, 3]) }) })` },
  rendered: {
    code: `({ async [shown]() { return { data: { "text/plain": "p" }, metadata: { "text/plain": { w: 1 } } }; } })`,
  },
  broken: { code: `({ a: 1, [shown]() { throw new Error("no display"); } })` },
  hostile: { code: `new Proxy({}, { get() { throw new Error("trap"); }, ownKeys() { throw new Error("trap"); } })` },
  cyclic: { code: "const loop: any = { name: 'loop' }; loop.self = loop; loop" },
  huge: { code: "Array.from({ length: 100000 }, (_, i) => ({ i, text: 'y'.repeat(1000) }))" },
  uncloneable: { code: `host().display({ data: { "application/json": { f() {} } }, metadata: {} })` },
  bigint: { code: `host().display({ data: { "application/json": { big: 1n } }, metadata: {} })` },
  cyclicUpdate: {
    code: `const ring: any = {}; ring.self = ring; host().update("id", { data: { "text/plain": "x" }, metadata: { ring } })`,
  },
  bigintComm: { code: `host().openComm("t", { data: { big: 1n } })` },
  bigintResult: { code: `({ a: 1, [shown]: () => ({ "application/json": { big: 1n } }) })` },
  codeResult: { code: `({ a: 2, [shown]: () => ({ "application/json": { f() {} } }) })` },
  jsonResult: {
    code: `({ [shown]: () => ({ "application/json": { at: new Date(0), c: new (class { toJSON() { return 7; } })() } }) })`,
  },
  signal: { code: "host().signal.aborted" },
} satisfies Record<string, Step>;

let got: Record<keyof typeof steps, Transcript>;
before(async () => {
  const transcripts = await runSteps(Object.values(steps));
  got = Object.fromEntries(Object.keys(steps).map((name, index) => [name, transcripts[index]])) as typeof got;
});

test("displays, updates and clears belong to the cell and keep their order", () => {
  assert.deepEqual(
    got.display.messages.map((message) => [
      message.type,
      message.type === "display" && [message.displayId, message.update, message.rendered.data["text/plain"]],
    ]),
    [
      ["display", ["id-1", false, "one"]],
      ["clear", false],
      ["display", ["id-1", true, "two"]],
    ],
  );
});

test("what a timer shows while another cell runs belongs to the cell that set it", () => {
  assert.equal(got.laterDisplay.messages.length, 1);
  assert.equal(got.meanwhile.messages.length, 0);
});

test("questions are answered in order, and refused where there is no input", () => {
  assert.equal(textOf(got.asked), "[ 'Ada', '42' ]");
  assert.deepEqual(
    got.asked.messages.map((message) => message.type === "input-request" && [message.prompt, message.password]),
    [
      ["name? ", false],
      ["secret? ", true],
    ],
  );
  assert.match(errorOf(got.refused).evalue, /takes no input/);
});

test("comms carry messages both ways until they are closed", () => {
  assert.equal(textOf(got.comm), "[ { hello: 'kernel' } ]");
  assert.deepEqual(
    got.comm.messages.map(({ type }) => type),
    // Both that came from outside, the message and the close, were heard.
    ["comm-open", "comm-message", "comm-heard", "comm-heard"],
  );
  assert.equal(got.comm.stdout, "heard\n");
});

test("an object displays itself, bytes as base64, with a text for clients without more", () => {
  const { outcome } = got.bundle;
  assert.ok(outcome.status === "ok" && outcome.result);
  assert.equal(outcome.result.data["text/html"], "<b>x</b>");
  assert.equal(outcome.result.data["image/png"], "AQID");
  assert.equal(typeof outcome.result.data["text/plain"], "string");
  assert.deepEqual(got.rendered.outcome, {
    status: "ok",
    result: { data: { "text/plain": "p" }, metadata: { "text/plain": { w: 1 } } },
  });
});

test("values that resist being shown are shown as text", () => {
  assert.match(String(textOf(got.broken)), /display method threw Error: no display\]\n\{\s+a: 1/);
  assert.match(String(textOf(got.hostile)), /threw Error: trap|\{\}/);
  assert.match(String(textOf(got.cyclic)), /\[Circular \*1\]/);
  assert.ok(String(textOf(got.huge)).length < 200_000);
});

test("what cannot travel is an error of the cell, and the kernel goes on", () => {
  assert.match(errorOf(got.uncloneable).evalue, /application\/json: expected .* JSON value, got .* a function in 'f'/);
  assert.match(errorOf(got.bigint).evalue, /application\/json: expected .* JSON value, got .*BigInt/);
  assert.match(errorOf(got.cyclicUpdate).evalue, /metadata: expected .* JSON value, got .*circular/);
  assert.match(errorOf(got.bigintComm).evalue, /comm: data: expected .* JSON value, got .*BigInt/);
  assert.equal(textOf(got.signal), "false");
});

test("a result that cannot travel is shown as text, with the reason", () => {
  assert.match(
    String(textOf(got.bigintResult)),
    /^\[its display method threw .*application\/json: .*BigInt.*\]\n\{\s*a: 1,/,
  );
  assert.match(String(textOf(got.codeResult)), /a function in 'f'.*\]\n\{\s*a: 2,/);
});

test("a JSON part is what JSON makes of it", () => {
  assert.ok(got.jsonResult.outcome.status === "ok");
  const json = got.jsonResult.outcome.result?.data["application/json"];
  assert.deepEqual(json, { at: "1970-01-01T00:00:00.000Z", c: 7 });
});
