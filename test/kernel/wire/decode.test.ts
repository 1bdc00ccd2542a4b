import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { decode, limits } from "../../../kernel/wire/decode.js";
import { child, encode } from "../../../kernel/wire/message.js";
import { createReplays } from "../../../kernel/wire/replays.js";
import { createSigner } from "../../../kernel/wire/signature.js";

const signer = createSigner("secret", "hmac-sha256");
const request = child(undefined, "execute_request", { code: "1" });
const header = JSON.stringify(request.header);

/** Signed frames around four texts (or bytes). */
function signed(...parts: (string | Uint8Array)[]): Uint8Array[] {
  const frames = parts.map((part) => Buffer.from(part as string));
  return [Buffer.from("<IDS|MSG>"), Buffer.from(signer.sign(frames)), ...frames];
}

function problem(frames: Uint8Array[]): string {
  const decoded = decode(frames, signer);
  return decoded.ok ? "none" : decoded.problem;
}

test("a wrong signature is refused before anything is parsed", () => {
  const frames = encode(request, createSigner("another key", "hmac-sha256"));
  frames[2] = Buffer.from("{ not JSON");
  const decoded = decode(frames, signer);
  assert.deepEqual(decoded, { ok: false, problem: "dropped a message with a wrong signature" });
});

test("every signed frame counts", () => {
  for (let i = 2; i < 6; i++) {
    const frames = encode(request, signer);
    frames[i] = Buffer.from(String(frames[i]).replace("}", " }"));
    assert.equal(problem(frames), "dropped a message with a wrong signature", `frame ${i}`);
  }
});

test("frames that make no message are refused with a reason", () => {
  assert.equal(createHmac("sha256", "secret").update("{}").digest("hex"), signer.sign([Buffer.from("{}")]));
  assert.match(problem([]), /without <IDS\|MSG>/);
  assert.match(problem([Buffer.from("junk")]), /without <IDS\|MSG>/);
  assert.match(problem([Buffer.from("<IDS|MSG>"), Buffer.from("x")]), /too few frames/);
  assert.match(problem(signed(header, "{}", "{}")), /too few frames/);
  assert.match(problem(signed(header, "{}", "{}", "{")), /not a JSON object/);
  assert.match(problem(signed(header, "{}", "[]", "{}")), /not a JSON object/);
  assert.match(problem(signed(header, "null", "{}", "{}")), /not a JSON object/);
  assert.equal(problem(signed(header, "{}", "{}", "{}")), "none");
});

test("bytes that are not UTF-8 are refused and not mended", () => {
  assert.match(problem(signed(header, "{}", "{}", Buffer.from('{"code":"\xff"}', "latin1"))), /UTF-8/);
  assert.equal(problem(signed(header, "{}", "{}", '{"code":"é∇\\ud800"}')), "none");
});

test("a header needs msg_id and a plain msg_type, and has text where the protocol wants text", () => {
  const refused = /whose header lacks msg_id or msg_type, or has a field of another type/;
  for (const change of [
    { msg_id: undefined },
    { msg_id: 7 },
    { msg_id: "" },
    { msg_type: ["execute_request"] },
    { msg_type: "forged\nnabla: all is well" },
    { msg_type: "x".repeat(101) },
    { session: null },
    { username: {} },
    { date: 7 },
    { version: [] },
    { subshell_id: 7 },
    { extra: "x".repeat(2 * limits.header) },
  ]) {
    assert.match(problem(signed(JSON.stringify({ ...request.header, ...change }), "{}", "{}", "{}")), refused);
  }
  const { msg_id, msg_type } = request.header;
  for (const accepted of [
    { msg_id, msg_type },
    { ...request.header, subshell_id: null, more: [1] },
  ]) {
    assert.equal(problem(signed(JSON.stringify(accepted), "{}", "{}", "{}")), "none");
  }
});

test("nesting beyond the limit is refused, brackets in text are not nesting", () => {
  const nested = (depth: number): string => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
  assert.equal(problem(signed(header, "{}", "{}", nested(limits.depth))), "none");
  assert.match(problem(signed(header, "{}", "{}", nested(limits.depth + 1))), /nested too deeply/);
  assert.match(problem(signed(header, "{}", "{}", nested(5000))), /nested too deeply/);
  const code = JSON.stringify({ code: `"\\"${"[".repeat(5000)}\\` });
  assert.equal(problem(signed(header, "{}", "{}", code)), "none");
});

test("a cell of 10 MB is a message; what is beyond the limits is refused", () => {
  const frames = signed(header, "{}", "{}", JSON.stringify({ code: "x".repeat(10_000_000) }));
  assert.equal(problem(frames), "none");
  assert.match(problem([...frames, ...new Array(limits.frames).fill(Buffer.alloc(0))]), /more than 4096 frames/);
  const large = Buffer.alloc(limits.json);
  assert.match(problem([...frames.slice(0, 5), large]), /too large/);
  assert.match(problem([...frames, ...new Array(5).fill(large)]), /too large/);
  assert.match(problem([...new Array(limits.identities + 1).fill(Buffer.from("me")), ...frames]), /without/);
});

test("a message that comes again is refused, on whichever channel, and only a message that was signed is remembered", () => {
  const replays = createReplays();
  const frames = encode(request, signer);
  const forged = [...frames];
  forged[5] = Buffer.from("{}");
  assert.equal(decode(forged, signer, replays).ok, false);
  assert.equal(decode(frames, signer, replays).ok, true);
  assert.deepEqual(decode([Buffer.from("somebody"), ...frames], signer, replays), {
    ok: false,
    problem: "dropped a message that came before",
  });
  assert.equal(decode(encode(child(undefined, "x", {}), signer), signer, replays).ok, true);
});

test("replays are remembered for as long as promised, in bounded memory", () => {
  const replays = createReplays(100);
  const signature = (i: number): Buffer => Buffer.from(String(i));
  for (let i = 0; i < 1000; i++) {
    assert.equal(replays.seen(signature(i)), false);
    assert.equal(replays.seen(signature(Math.max(0, i - 99))), true, `${i}`);
  }
  assert.equal(replays.seen(signature(0)), false, "what is long ago is forgotten");
});
