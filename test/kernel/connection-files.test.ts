import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Connection, ipcFile, portNames } from "../../kernel/wire/connection.js";
import { freeConnection, startKernel } from "./client.js";

const main = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));
const echo = fileURLToPath(new URL("./echo.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nabla-connections-"));
after(() => rmSync(folder, { recursive: true }));

/** Starts a kernel that must refuse its connection file: its exit code and what it wrote to stderr. */
async function refused(text: string, script = echo): Promise<{ code: number; line: string }> {
  const file = join(folder, "connection.json");
  writeFileSync(file, text, { mode: 0o600 });
  const kernel = spawn(process.execPath, [script, file], { stdio: ["ignore", "ignore", "pipe"], timeout: 20_000 });
  let line = "";
  kernel.stderr.on("data", (data) => {
    line += data;
  });
  const [code] = (await once(kernel, "close")) as [number];
  return { code, line };
}

test("a port in use, whichever of the five it is, is one line and an exit code", async () => {
  for (const taken of portNames) {
    const connection = await freeConnection();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(connection[taken], "127.0.0.1", resolve));
    const { code, line } = await refused(JSON.stringify(connection));
    assert.equal(code, 1);
    assert.match(line, /^nabla: cannot listen on tcp:\/\/127\.0\.0\.1:\d+: Address already in use\n$/);
    assert.ok(line.includes(`:${connection[taken]}:`));
    server.close();
  }
});

test("an ipc path in use, or with something else in its place, is one line; a socket left by a dead kernel is replaced", async () => {
  const ipc: Connection = { ...(await freeConnection()), transport: "ipc", ip: join(folder, "ipc") };
  const kernel = await startKernel(echo, process.env, ipc);
  const inUse = await refused(JSON.stringify(ipc));
  assert.equal(inUse.code, 1);
  assert.match(inUse.line, /^nabla: cannot listen on ipc:\/\/.*: Address already in use\n$/);
  assert.equal((await kernel.execute("print(1)")).reply.content.status, "ok", "the kernel that was first goes on");
  kernel.close();
  await kernel.ended();
  assert.equal(existsSync(ipcFile(ipc, "iopub_port")), true, "a killed kernel leaves its sockets");
  const next = await startKernel(echo, process.env, ipc);
  next.close();
  await next.ended();

  const precious = ipcFile(ipc, "stdin_port");
  rmSync(precious);
  writeFileSync(precious, "precious");
  const { code, line } = await refused(JSON.stringify(ipc));
  assert.equal(code, 1);
  assert.match(line, /: a file that is not a socket is in its place\n$/);
  assert.equal(readFileSync(precious, "utf8"), "precious");
  assert.deepEqual(
    portNames.filter((port) => port !== "stdin_port" && existsSync(ipcFile(ipc, port))),
    ["hb_port"],
    "of the sockets before it none is left; the one behind it is the dead kernel's",
  );
});

test("an address that is not this machine's, a path that is too long and one that does not exist are one line", async () => {
  for (const change of [
    { ip: "192.0.2.1" },
    { ip: "not an address" },
    { transport: "ipc", ip: join(folder, "x".repeat(200)) },
    { transport: "ipc", ip: join(folder, "missing", "kernel") },
  ]) {
    const { code, line } = await refused(JSON.stringify({ ...(await freeConnection()), ...change }));
    assert.equal(code, 1);
    assert.match(line, /^nabla: cannot listen on (tcp|ipc):\/\/.*\n$/);
    assert.equal(line.split("\n").length, 2, line);
  }
});

test("the kernel itself refuses what is no connection file with one line", async () => {
  const good = await freeConnection();
  for (const [text, message] of [
    ["", /expected a JSON object, got an empty file\n$/],
    ['{"key": "secret', /expected a JSON object, got text that is not JSON\n$/],
    [JSON.stringify({ ...good, hb_port: "5" }), /expected hb_port, a number from 1 to 65535, got "5"\n$/],
    [JSON.stringify({ ...good, signature_scheme: "hmac-rot13" }), /expected signature_scheme like hmac-sha256/],
    [JSON.stringify({ ...good, key: 7 }), /expected key, a string \(empty for unsigned messages\), got number\n$/],
  ] as const) {
    const { code, line } = await refused(text, main);
    assert.equal(code, 1);
    assert.match(line, /^nabla: [^\n]*connection\.json: [^\n]*\n$/);
    assert.match(line, message);
  }
});

test("a connection file that others may read, or without a key, is a warning, and the kernel starts", async () => {
  const file = join(folder, "exposed.json");
  const warned = async (): Promise<string> => {
    const kernel = spawn(process.execPath, [main, file], { stdio: ["ignore", "ignore", "pipe"] });
    const [data] = (await once(kernel.stderr, "data")) as [Buffer];
    assert.equal(kernel.exitCode, null);
    kernel.kill("SIGKILL");
    await once(kernel, "close");
    return String(data);
  };
  writeFileSync(file, JSON.stringify(await freeConnection()), { mode: 0o644 });
  assert.match(await warned(), /^nabla: .*exposed\.json: others may read this file \(mode 644\).*chmod 600 it\n$/);
  writeFileSync(file, JSON.stringify({ ...(await freeConnection()), key: "" }));
  assert.match(await warned(), /^nabla: .*exposed\.json: the key is empty, so messages are not signed.*\n$/);
});

test("the kernel listens on the five addresses of its connection file and on nothing else", async () => {
  const kernel = await startKernel();
  const sockets = new Set(
    readdirSync(`/proc/${kernel.process.pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${kernel.process.pid}/fd/${fd}`))?.slice(1) ?? [];
      } catch {
        return [];
      }
    }),
  );
  // proc(5): local address in hexadecimal, state 0A is LISTEN, the tenth column is the inode.
  const lines = ["tcp", "tcp6", "udp", "udp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8").split("\n"),
  );
  const open = lines.map((line) => line.trim().split(/\s+/)).filter((fields) => sockets.has(fields[9] ?? ""));
  const listening = open.filter(([, , remote]) => /^0+:0000$/.test(remote ?? "")).map(([, local]) => local);
  const wanted = portNames.map(
    (port) => `0100007F:${kernel.connection[port].toString(16).toUpperCase().padStart(4, "0")}`,
  );
  kernel.close();
  assert.deepEqual(listening.sort(), wanted.sort());
});
