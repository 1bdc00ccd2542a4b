import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Answer, type KernelClient, printed, startKernel } from "./client.js";

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel();
  await run("1");
});
after(() => kernel?.close());

const run = (code: string): Promise<Answer> => kernel.execute(code, { allow_stdin: true });

/** Runs a cell and answers its questions in order; what was asked. */
async function converse(code: string, answers: readonly string[]): Promise<Answer & { asked: unknown[] }> {
  const asked: unknown[] = [];
  const running = run(code);
  for (const value of answers) {
    const { prompt, password } = (await kernel.question()).content;
    asked.push([prompt, password]);
    kernel.send("stdin", "input_reply", { value, status: "ok" });
  }
  return { ...(await running), asked };
}

function error({ reply }: Answer): string {
  assert.equal(reply.content.status, "error");
  return `${reply.content.ename}: ${reply.content.evalue}`;
}

test("prompt, confirm and alert wait for the answer, without await", async () => {
  const code = `const name = prompt("Name?"), drink = prompt("Drink?", "tea"), code = prompt("Code?", null, { password: true });
    const sure: boolean = confirm("Sure?");
    alert("Done");
    console.log(JSON.stringify([name, drink, code, sure, confirm(), "y" === prompt().toLowerCase()]));`;
  const { outputs, asked } = await converse(code, ["Ada ü", "", "s3cret", "y", "", "no", "Y"]);
  assert.equal(printed(outputs), '["Ada ü","tea","s3cret",true,false,true]\n');
  assert.deepEqual(asked, [
    ["Name? ", false],
    ["Drink? [tea] ", false],
    ["Code? ", true],
    ["Sure? [y/N] ", false],
    ["Done [Enter] ", false],
    ["Confirm [y/N] ", false],
    ["Prompt ", false],
  ]);
});

test("a client that takes no input is told so at once, and alert prints", async () => {
  const refused = await kernel.execute('prompt("Name?")');
  assert.match(error(refused), /^InputRefused: .*takes no input/);
  assert.match(String(refused.reply.content.traceback), /In\[\d+\]:1:1/);
  assert.equal(printed((await kernel.execute('alert("hello")')).outputs), "hello\n");
});

test("Stop ends a prompt, keeps the state and lets later cells run", async () => {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const running = run(`let turn${turn} = 1; prompt("stuck")`);
    await kernel.question();
    const start = performance.now();
    kernel.send("control", "interrupt_request", {});
    assert.match(error(await running), /^KeyboardInterrupt/);
    times.push(performance.now() - start);
  }
  assert.ok(Math.min(...times) < 300, times.join(", "));
  assert.equal((await converse("turn0 + turn2 + Number(prompt())", ["40"])).reply.content.status, "ok");
  assert.equal(printed((await run("console.log(String(turn0 + turn1 + turn2))")).outputs), "3\n");
});

test("while a prompt waits, the kernel answers; what would run code comes after it", async () => {
  await run("globalThis.order = [] as string[]; declare global { var order: string[] }");
  const running = run('setTimeout(() => order.push("timer"), 0); order.push(prompt("first"));');
  await kernel.question();
  const inspected = await kernel.request("inspect_request", { code: "turn0", cursor_pos: 5, detail_level: 0 });
  assert.match(String((inspected.reply.content.data as Record<string, string>)["text/plain"]), /Value: 1/);
  const next = run("console.log(order.join())");
  kernel.send("stdin", "input_reply", { value: "answer", status: "ok" });
  await running;
  assert.match(printed((await next).outputs), /^answer(,timer)?\n$/);
});

test("a cell may have names of its own that are called like them", async () => {
  assert.equal(
    printed((await run("const confirm = 5, alert = 6; console.log(String(confirm + alert))")).outputs),
    "11\n",
  );
});
