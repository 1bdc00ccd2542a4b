import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Answer, type KernelClient, printed, startKernel } from "./client.js";

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel();
});
after(() => kernel?.close());

async function content(type: string, code: string, cursor_pos = code.length): Promise<Record<string, unknown>> {
  return (await kernel.request(type, { code, cursor_pos, detail_level: 0 })).reply.content;
}

function error({ reply }: Answer): string {
  assert.equal(reply.content.status, "error");
  return `${reply.content.ename}: ${reply.content.evalue}`;
}

test("names of magics are completed and explained, and code behind them too", async () => {
  await kernel.execute("const point = { x: 1, y: 2 };");
  const names = await content("complete_request", "point;\n%ti");
  assert.deepEqual([names.matches, names.cursor_start, names.cursor_end], [["%time", "%timeit"], 7, 10]);
  assert.deepEqual((await content("complete_request", "%timeit -n 5 point.")).matches, ["x", "y"]);
  assert.deepEqual((await content("complete_request", "%%bash\npoi")).matches, []);
  const help = (await content("inspect_request", "%timeit point", 3)).data as Record<string, string>;
  assert.match(help["text/plain"] ?? "", /^%timeit f\(x\)\n.*\n\nMeasures code/s);
  const value = (await content("inspect_request", "%time point", 8)).data as Record<string, string>;
  assert.match(value["text/plain"] ?? "", /const point: \{\s+x: number;\s+y: number;\s+\}/);
});

test("a console runs a magic, and asks on in a %% cell and in open brackets", async () => {
  const status = async (code: string, tries = 5): Promise<unknown> => {
    const { status: found } = await content("is_complete_request", code);
    // What the kernel says when the machine is so busy that a console would give up.
    return found === "unknown" && tries > 1 ? status(code, tries - 1) : found;
  };
  assert.equal(await status("%cd x"), "complete");
  assert.equal(await status("%time f("), "incomplete");
  assert.equal(await status("%%bash\nls"), "incomplete");
  assert.equal(await status("%%bash\nls\n"), "complete");
});

test("%reset makes the checker and the cells forget, and the notebook goes on", async () => {
  await kernel.execute(
    "interface Old { a: string }\ndeclare global { var shared: number }\nlet old: Old = { a: '1' };",
  );
  assert.match(printed((await kernel.execute("%reset\nconst fresh = 1;")).outputs), /^Forgot .*old/);
  assert.match(error(await kernel.execute("old")), /Cannot find name 'old'/);
  assert.match(error(await kernel.execute("let o: Old")), /Cannot find name 'Old'/);
  const { outputs } = await kernel.execute("const old = 'new'; old + ' ' + fresh");
  assert.match(JSON.stringify(outputs.at(-1)?.content), /new 1/);
});

test("the output of %%bash is shown while it runs, and Stop ends it", async () => {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const running = kernel.execute(`%%bash\necho started ${turn}; sleep 60; echo never`);
    await kernel.seen(({ content }) => content.text === `started ${turn}\n`, "output of a running script");
    const start = performance.now();
    kernel.send("control", "interrupt_request", {});
    const ended = await running;
    times.push(performance.now() - start);
    assert.match(error(ended), /^KeyboardInterrupt/);
    assert.equal(printed(ended.outputs), `started ${turn}\n`);
  }
  assert.ok(Math.min(...times) < 300, times.join(", "));
});

test("Stop ends %timeit, of code that blocks and of code that waits", async () => {
  for (const code of ["for (let i = 0; i < 1e9; i++);", "await new Promise((done) => setTimeout(done, 50))"]) {
    const running = kernel.execute(`console.log("go");\n%timeit ${code}`);
    await kernel.seen(({ content, parent_header }) => content.text === "go\n" && parent_header !== undefined, "go");
    await new Promise((done) => setTimeout(done, 100));
    kernel.send("control", "interrupt_request", {});
    assert.match(error(await running), /^KeyboardInterrupt/);
  }
  assert.equal((await kernel.execute("1")).reply.content.status, "ok");
});

test("%npm works in the notebook's folder and says what it cannot do", async () => {
  assert.match(error(await kernel.execute("%npm")), /NpmError: %npm: expected a command/);
  assert.match(error(await kernel.execute("%npm instal left-pad")), /Did you mean install\?/);
});
