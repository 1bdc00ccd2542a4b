import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError, endpoint, parseConnection, readConnection } from "../../../kernel/wire/connection.js";

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
  assert.equal(endpoint(parse({ transport: "ipc", ip: "/tmp/k" }), "hb_port"), "ipc:///tmp/k-5");
});

test("every field that is wrong is named, with what was got, in one line", () => {
  const cases: [object, RegExp][] = [
    [{ transport: "udp" }, /expected transport tcp or ipc, got "udp"/],
    [{ ip: 7 }, /expected ip, an address, got 7/],
    [{ key: null }, /expected key, a string, got null/],
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

test("what is not a JSON object is refused", () => {
  for (const text of ["", "{", "[]", "null", "7"]) {
    assert.throws(() => parseConnection(text, "c.json"), /c\.json: expected a JSON object/);
  }
});

test("a missing file says so", () => {
  assert.throws(() => readConnection("/nowhere/c.json"), ConnectionError);
  assert.throws(() => readConnection("/nowhere/c.json"), /connection file that can be read, got ENOENT/);
});
