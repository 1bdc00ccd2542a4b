import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "../../../kernel/wire/decode.js";
import { child, encode, reply } from "../../../kernel/wire/message.js";
import { createSigner } from "../../../kernel/wire/signature.js";

const signer = createSigner("secret", "hmac-sha256");
const request = child(
  { identities: [Buffer.from("me")], header: child(undefined, "x", {}).header },
  "execute_request",
  {
    code: "1",
  },
);

test("a signature is the HMAC-SHA256 of RFC 4231, test case 2", () => {
  const rfc = createSigner("Jefe", "hmac-sha256");
  const frames = [Buffer.from("what do ya "), Buffer.from("want for nothing?")];
  const digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  assert.equal(rfc.sign(frames), digest);
  assert.equal(rfc.verify(frames, Buffer.from(digest)), true);
  assert.equal(rfc.verify(frames, Buffer.from(digest.replace("5", "6"))), false);
  assert.equal(rfc.verify(frames, Buffer.from("short")), false);
});

test("an empty key signs nothing and accepts everything", () => {
  const open = createSigner("", "hmac-sha256");
  assert.equal(open.sign([Buffer.from("x")]), "");
  assert.equal(open.verify([Buffer.from("x")], Buffer.from("")), true);
});

test("a message survives its frames, with identities and buffers", () => {
  const sent = { ...request, buffers: [Buffer.from([1, 2, 3])] };
  const decoded = decode(encode(sent, signer), signer);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.message.header, sent.header);
  assert.deepEqual(decoded.message.content, { code: "1" });
  assert.deepEqual(decoded.message.identities.map(String), ["me"]);
  assert.deepEqual(
    decoded.message.buffers.map((buffer) => [...buffer]),
    [[1, 2, 3]],
  );
});

test("a reply is addressed to its request and named after it", () => {
  const answer = reply(request, { status: "ok" });
  assert.equal(answer.header.msg_type, "execute_reply");
  assert.deepEqual(answer.parent_header, request.header);
  assert.deepEqual(answer.identities, request.identities);
  assert.notEqual(answer.header.msg_id, request.header.msg_id);
});

test("half a surrogate pair becomes U+FFFD, whole pairs and texts about them stay", () => {
  const text = "\ud800 \udc00 😀 \\ud800";
  const decoded = decode(encode({ ...request, content: { text, nested: [{ "😀": "a\udfff" }] } }, signer), signer);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.message.content, { text: "\ufffd \ufffd 😀 \\ud800", nested: [{ "😀": "a\ufffd" }] });
});
