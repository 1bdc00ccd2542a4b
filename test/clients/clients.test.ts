import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Ended, runProgram } from "../../setup/child.js";
import { installKernel } from "../../setup/kernelspec.js";
import { clientEnvironment } from "../python.js";
import { root } from "../root.js";

const folder = mkdtempSync(join(tmpdir(), "nabla-clients-"));
let python: string;

before(async () => {
  python = (await clientEnvironment()).python;
  await installKernel(join(folder, "share"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script of `test/python` that finds our kernel, and nothing of the user's. */
function run(script: string, ...args: string[]): Promise<Ended> {
  const env = {
    ...process.env,
    JUPYTER_PATH: join(folder, "share"),
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    IPYTHONDIR: join(folder, "ipython"),
    NABLA_HISTORY: join(folder, "history"),
  };
  return runProgram(python, ["-I", join(root, "test", "python", script), ...args], { env, cwd: folder });
}

/** The JSON that a script printed last. */
function told({ code, output }: Ended): unknown {
  const last = output
    .trim()
    .split("\n")
    .findLast((line) => line.startsWith("{"));
  assert.ok(code === 0 && last !== undefined, output);
  return JSON.parse(last);
}

test("jupyter_kernel_test passes with every sample given; only its pager is skipped", {
  timeout: 600_000,
}, async () => {
  const { run: count, failed, skipped } = told(await run("kernel_test.py")) as Record<string, unknown>;
  assert.deepEqual(failed, []);
  assert.deepEqual(
    (skipped as string[]).map((name) => name.split(" ")[0]),
    ["test_pager"],
  );
  assert.equal(count, 13);
});

test("nbclient and papermill execute notebooks, papermill with parameters, and see why a kernel died", {
  timeout: 600_000,
}, async () => {
  const found = told(await run("notebooks.py", folder)) as Record<string, unknown>;
  assert.deepEqual(found.nbclient, [
    ["hello\n"],
    ["21"],
    ["new"],
    [],
    ["kept\n"],
    ["TypeScriptError: In[6]:1:3 Property 'y' does not exist on type 'P'."],
    ["RangeError: far"],
    ["20"],
  ]);
  assert.deepEqual(found.failing, ["TypeError", "stop here", [["1"], ["TypeError: stop here"], []]]);
  const [ename, evalue, shown] = found.killed as [string, string, string[][]];
  assert.equal(ename, "KernelDied");
  assert.match(evalue, /^The kernel died \(SIGSEGV\): native code used memory that is not its own/);
  assert.deepEqual(shown, [["1"], [`${ename}: ${evalue}`], []]);
  const seen = ["busy", "execute_input", "error", "idle"];
  assert.deepEqual(found.dying, [seen, "error", "KernelDied", 1, true, "ok"]);
  assert.deepEqual(found.unparameterized, [[], ["'1 nobody false'"]]);
  // Papermill knows no TypeScript. Its C# is TypeScript too, for text, numbers and truth values; our script takes all.
  assert.match(String(found["without translator"]), /No parameter translator functions specified for kernel 'nabla'/);
  assert.deepEqual(found.csharp, [[], [], [`'0.5 Ada "∇" \\\\ true'`]]);
  assert.deepEqual(found.script, [
    '// Parameters\nlet who = {"a": [1, "x", null]};\nlet rate = 0.5;\nlet on = true;\n',
    [[], [], ["[ 0.5, { a: [ 1, 'x', null ] }, true ]"]],
  ]);
});

test("jupyter console runs cells, completes, interrupts and asks", { timeout: 600_000 }, async () => {
  const { code, output } = await run("console.py");
  assert.equal(code, 0, output);
});
