import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  ConnectionError,
  endpoint,
  exposed,
  parseConnection,
  readConnection,
} from "../../../kernel/wire/connection.js";

const good = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 1,
  control_port: 2,
  iopub_port: 3,
  stdin_port: 4,
  hb_port: 5,
  key: "k",
  signature_scheme: "hmac-sha256",
};
const parse = (changes: object) => parseConnection(JSON.stringify({ ...good, ...changes }), "c.json");

test("a connection file becomes addresses", () => {
  assert.equal(endpoint(parse({}), "iopub_port"), "tcp://127.0.0.1:3");
  assert.equal(endpoint(parse({ ip: "::1" }), "iopub_port"), "tcp://[::1]:3");
  assert.equal(endpoint(parse({ transport: "ipc", ip: "/tmp/k" }), "hb_port"), "ipc:///tmp/k-5");
});

test("every field that is wrong is named, with what was got, in one line", () => {
  const cases: [object, RegExp][] = [
    [{ transport: "udp" }, /expected transport tcp or ipc, got "udp"/],
    [{ ip: 7 }, /expected ip, an address, got 7/],
    [{ ip: "127.0.0.1\n" }, /expected ip, an address/],
    [{ key: null }, /expected key, a string \(empty for unsigned messages\), got null/],
    [{ key: undefined }, /expected key, a string .*, got nothing/],
    [{ key: ["secret"] }, /expected key, a string .*, got array$/],
    [{ signature_scheme: "sha256" }, /expected signature_scheme like hmac-sha256, got "sha256"/],
    [{ signature_scheme: 256 }, /expected signature_scheme/],
    [{ hb_port: 5.5 }, /expected hb_port/],
    [{ hb_port: -1 }, /expected hb_port/],
    [{ signature_scheme: "hmac-nothing" }, /expected signature_scheme like hmac-sha256/],
    [{ shell_port: undefined }, /expected shell_port, a number from 1 to 65535, got nothing/],
    [{ hb_port: 70000 }, /expected hb_port, a number from 1 to 65535, got 70000/],
    [{ iopub_port: "3" }, /expected iopub_port, a number from 1 to 65535, got "3"/],
    [{ iopub_port: 0 }, /iopub_port/],
    [{ stdin_port: 1 }, /expected five different ports/],
  ];
  for (const [changes, message] of cases) {
    assert.throws(() => parse(changes), { name: "ConnectionError", message });
    assert.throws(
      () => parse(changes),
      (error: Error) => !error.message.includes("\n"),
    );
  }
});

test("what is not a JSON object is refused, without a word of it", () => {
  for (const text of ["", '{"key": "secret"', '["secret"]', "null", "7", '"secret"']) {
    const refused = (error: Error): boolean =>
      /^c\.json: expected a JSON object, got [a-zA-Z ]+$/.test(error.message) && !error.message.includes("secret");
    assert.throws(() => parseConnection(text, "c.json"), refused);
  }
});

test("a file that others may read is told, one that is private is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "nabla-exposed-"));
  const file = join(folder, "c.json");
  writeFileSync(file, "{}");
  for (const [mode, warned] of [
    [0o600, false],
    [0o700, false],
    [0o640, true],
    [0o604, true],
  ] as const) {
    chmodSync(file, mode);
    assert.equal(
      /others may read this file \(mode 6.*chmod 600/.test(exposed(file, { key: "k" }) ?? ""),
      warned,
      mode.toString(8),
    );
  }
  rmSync(folder, { recursive: true });
});

test("a missing file says so", () => {
  assert.throws(() => readConnection("/nowhere/c.json"), ConnectionError);
  assert.throws(() => readConnection("/nowhere/c.json"), /connection file that can be read, got ENOENT/);
});
