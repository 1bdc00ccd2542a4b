import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Connection } from "../../kernel/wire/connection.js";
import type { Message } from "../../kernel/wire/message.js";
import { root } from "../root.js";
import { freeConnection, type KernelClient, printed, startKernel, supervised } from "./client.js";

const echo = fileURLToPath(new URL("./echo.js", import.meta.url));
const main = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));

/** Starts the kernel of the tests, or another one, as the kernelspec has it. */
const start = (connection?: Connection, script = echo, env = process.env): Promise<KernelClient> =>
  startKernel(script, env, connection, undefined, supervised);

const types = (outputs: readonly Message[]): string[] => outputs.map(({ header }) => header.msg_type);

/** The process of the kernel itself: the only child of its supervisor. */
async function innerPid(kernel: KernelClient): Promise<number> {
  return Number(printed((await kernel.execute("print(process.pid)")).outputs));
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** Imports koffi in a cell. */
const koffi = `const koffi = (await import("node:module")).createRequire(${JSON.stringify(join(root, "package.json"))})("koffi");`;
const leave = `${koffi} koffi.load(null).func("void _exit(int code)")(7);`;

for (const [ending, code, cause] of [
  ["SIGSEGV", "process.kill(process.pid, 'SIGSEGV')", /native code used memory that is not its own/],
  ["SIGABRT", "process.abort()", /room for JavaScript values.*--max-old-space-size/],
  ["SIGKILL", "process.kill(process.pid, 'SIGKILL')", /memory had run out.*NABLA_MEMORY/],
  ["SIGUSR2", "process.kill(process.pid, 'SIGUSR2')", /somebody sent this signal/],
  [7, leave, /native code ended the process/],
] as const) {
  test(`a cell in which the kernel dies by ${ending} says so, and nothing is left behind`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "nabla-ends-"));
    const kernel = await start({ ...(await freeConnection()), transport: "ipc", ip: join(folder, "kernel") });
    try {
      await kernel.execute("print(1)");
      const started = await kernel.execute(
        `const { spawn } = await import("node:child_process"); print(spawn("sleep", ["1000"], { detached: true }).pid)`,
      );
      const child = Number(printed(started.outputs));
      const { reply, outputs } = await kernel.execute(`await new Promise((r) => setTimeout(r, 100)); ${code}`);
      const died = performance.now();
      assert.deepEqual(types(outputs), ["execute_input", "error"]);
      const { ename, evalue, traceback } = outputs[1]?.content ?? {};
      assert.equal(ename, "KernelDied");
      assert.match(String(evalue), cause);
      assert.ok(
        String(evalue).startsWith(`The kernel died (${typeof ending === "number" ? "exit code 7" : ending}): `),
      );
      const { status, execution_count } = reply.content;
      assert.deepEqual([status, execution_count], ["error", 3]);
      assert.deepEqual([reply.content.evalue, reply.content.traceback], [evalue, traceback]);
      assert.equal(await kernel.ended(), ending);
      assert.ok(performance.now() - died < 2000);
      assert.match(kernel.errors(), /nabla: The kernel died \(.*\n$/);
      assert.equal(isAlive(child), false, "what cells started ends with the kernel");
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      kernel.close();
      rmSync(folder, { recursive: true });
    }
  });
}

test("each cell that runs when the kernel dies is answered; one that is over gets the error alone", async () => {
  const kernel = await start();
  try {
    const { reply } = await kernel.request("create_subshell_request", {}, "control");
    const pid = await innerPid(kernel);
    const cells = [
      kernel.execute("print('begun'); await new Promise(() => {})"),
      kernel.execute("print('too'); await new Promise(() => {})", {}, String(reply.content.subshell_id)),
    ];
    for (const text of ["begun\n", "too\n"]) await kernel.seen(({ content }) => content.text === text, text);
    process.kill(pid, "SIGBUS");
    for (const { reply, outputs } of await Promise.all(cells)) {
      assert.deepEqual([reply.content.ename, types(outputs).at(-1)], ["KernelDied", "error"]);
    }
  } finally {
    kernel.close();
  }
});

test("a kernel that dies between two cells says so in the last one", async () => {
  const kernel = await start();
  try {
    const pid = await innerPid(kernel);
    const last = await kernel.execute("print('last')");
    process.kill(pid, "SIGKILL");
    const { content, parent_header } = await kernel.seen(({ header }) => header.msg_type === "error", "an error");
    assert.match(String(content.evalue), /^The kernel died \(SIGKILL\)/);
    assert.equal(parent_header.msg_id, last.reply.parent_header.msg_id);
    assert.equal(await kernel.ended(), "SIGKILL");
    assert.equal(kernel.published.at(-1)?.header.msg_type, "error", "there is nobody to answer");
  } finally {
    kernel.close();
  }
});

test("the note has no name, is nobody else's, and holds no key; nothing that a cell starts sees it", async () => {
  const kernel = await start();
  try {
    const pid = await innerPid(kernel);
    const code = `const { execSync } = await import("node:child_process");
      print(process.env.NABLA_SUPERVISOR + " " + execSync("ls -l /proc/self/fd"))`;
    const { outputs } = await kernel.execute(code);
    assert.match(printed(outputs), /^undefined /);
    assert.doesNotMatch(printed(outputs), /\.note/);
    for (const process of [pid, kernel.process.pid]) {
      const note = `/proc/${process}/fd/3`;
      assert.equal(lstatSync(note).isSymbolicLink(), true);
      const found = readFileSync(note, "utf8");
      assert.match(found, /^\{.*"execute_request".*\}\n/s);
      for (const text of [found, readFileSync(`/proc/${process}/cmdline`, "utf8")]) {
        assert.ok(!text.includes(kernel.connection.key));
      }
    }
    const { stdout } = spawn("stat", ["-L", "-c", "%a %h", `/proc/${pid}/fd/3`]);
    assert.equal(String((await once(stdout, "data"))[0]), "600 0\n");
  } finally {
    kernel.close();
  }
});

test("a kernel whose supervisor was killed ends with what its cells started", async () => {
  const kernel = await start();
  try {
    const pid = await innerPid(kernel);
    kernel.send("shell", "execute_request", { code: "print('begun'); for (;;);" });
    await kernel.seen(({ content }) => content.text === "begun\n", "begun");
    kernel.process.kill("SIGKILL");
    const killed = performance.now();
    while (isAlive(pid) && performance.now() - killed < 5000) await sleep(20);
    assert.ok(performance.now() - killed < 3000, `${performance.now() - killed} ms`);
    assert.match(kernel.errors(), /^nabla: the supervisor of the kernel \(\d+\) is gone: the kernel ends\n$/);
  } finally {
    kernel.close();
  }
});

test("a kernel waits for its ports, which the one before it may not have left yet", async () => {
  const connection = await freeConnection();
  const other = createServer((socket) => void socket.destroy());
  await new Promise<void>((resolve) => other.listen(connection.hb_port, "127.0.0.1", resolve));
  setTimeout(() => other.close(), 700);
  const kernel = await start(connection);
  try {
    assert.equal((await kernel.execute("print(1)")).reply.content.status, "ok");
  } finally {
    kernel.close();
  }
});

for (const [whom, sign] of [
  ["the supervisor", 1],
  ["the process group", -1],
] as const) {
  test(`a SIGINT to ${whom} is one press of Stop, and the kernel lives`, async () => {
    const kernel = await start();
    try {
      // Two presses would tear what is shielded.
      const code = `view[0] = 1; print("begun"); const end = Date.now() + 500; while (Date.now() < end);
        view[0] = 0; print("whole"); await new Promise(() => {});`;
      const { ended } = await kernel.begin(code);
      process.kill(sign * (kernel.process.pid as number), "SIGINT");
      const { reply, outputs } = await ended;
      assert.equal(printed(outputs), "begun\nwhole\n");
      assert.equal(reply.content.ename, "KeyboardInterrupt");
      assert.equal((await kernel.execute("print(1)")).reply.content.status, "ok");
    } finally {
      kernel.close();
    }
  });
}

test("a connection file that is refused is the same line and exit code under the supervisor, and leaves nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nabla-refused-"));
  const file = join(folder, "connection.json");
  writeFileSync(file, "{", { mode: 0o600 });
  // As a supervisor leaves it that is killed before it has removed it.
  writeFileSync(`${file}.note`, "left");
  for (const [given, complaint] of [
    [file, /^nabla: .*connection\.json: expected a JSON object, got text that is not JSON\n$/],
    [
      join(folder, "missing", "file.json"),
      /^nabla: .*file\.json: expected a connection file that can be read, got ENOENT\n$/,
    ],
  ] as const) {
    const [shell = "", ...script] = supervised;
    const kernel = spawn(shell, [...script, process.execPath, main, given], { stdio: ["ignore", "ignore", "pipe"] });
    let line = "";
    kernel.stderr.on("data", (data) => {
      line += data;
    });
    const [code] = (await once(kernel, "close")) as [number];
    assert.equal(code, 1);
    assert.match(line, complaint);
  }
  assert.deepEqual(readdirSync(folder), ["connection.json"]);
  rmSync(folder, { recursive: true });
});

for (const [what, ending, code] of [
  ["a pointer that is none", /SIGSEGV/, `${koffi} koffi.load(null).func("size_t strlen(void *text)")(null);`],
  ["one call that fills the heap", /SIGABRT/, `"abcdefghijklmnop,".repeat(2e7).split(",").length`],
  ["an array larger than V8 can hold", /SIGTRAP|SIGILL|SIGABRT/, `"x".repeat(2 ** 28).split("").length`],
] as const) {
  test(`a cell that ends the kernel by ${what} says so`, async () => {
    const kernel = await start(undefined, main, { ...process.env, NODE_OPTIONS: "--max-old-space-size=400" });
    try {
      const { reply, outputs } = await kernel.execute(code);
      assert.deepEqual(types(outputs), ["execute_input", "error"]);
      assert.equal(reply.content.ename, "KernelDied");
      assert.match(String(outputs[1]?.content.evalue), ending);
      assert.match(String(await kernel.ended()), ending);
    } finally {
      kernel.close();
    }
  });
}
