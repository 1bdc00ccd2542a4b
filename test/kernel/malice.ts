/** Messages that a client ought not to send: wrong in every way that a wire, a forger or a careless program can think of. */
import { child, encode } from "../../kernel/wire/message.js";
import { createSigner, type Signer } from "../../kernel/wire/signature.js";

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Malice {
  /** The frames of the next message. */
  next(): Uint8Array[];
  /** The HMACs that forged messages ought to have had, some of them: they must appear nowhere. */
  readonly secrets: readonly string[];
}

const [delimiter, signature, header, content] = [0, 1, 2, 5];
/** Requests that change nothing, whatever is in them. */
const harmless = [
  "kernel_info_request",
  "comm_info_request",
  "history_request",
  "comm_msg",
  "comm_close",
  "list_subshell_request",
  "delete_subshell_request",
  "input_reply",
  "no_such_request",
  "constructor",
  "__proto__",
];
/** Requests that do something when their fields are right: they are sent with wrong ones only. */
const checked = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "debug_request"];
/** Each runs `payload` or ends the kernel, if anybody obeys. */
const powers = ["execute_request", "shutdown_request", "interrupt_request"];

/** `payload` is a cell that must never run. */
export function createMalice(key: string, seed: number, payload: string): Malice {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const signer = createSigner(key, "hmac-sha256");
  const forger = createSigner("guessed", "hmac-sha256");
  const secrets: string[] = [];
  const sent: Uint8Array[][] = [];

  const values: readonly unknown[] = [
    null,
    true,
    -1,
    1e308,
    "",
    "∇\u0000\ud800",
    "x".repeat(2000),
    [],
    [[1], { a: 2 }],
    { constructor: 1, toString: 2 },
    JSON.parse('{"__proto__": {"polluted": true}}'),
    JSON.parse(`${"[".repeat(300)}${"]".repeat(300)}`),
  ];
  const names = ["comm_id", "target_name", "data", "value", "subshell_id", "n", "session", "output", "raw", "pattern"];
  const some = (): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: Math.floor(random() * 5) }, () => [pick(names), pick(values)]));
  const wrongCode = (): Record<string, unknown> => ({ ...some(), code: pick([null, 7, true, [payload], { payload }]) });

  const powerful = (by: Signer): Uint8Array[] => encode(child(undefined, pick(powers), { code: payload }), by);
  /** Four parts of JSON, or of anything, signed as they stand. */
  const signed = (...parts: (string | Uint8Array)[]): Uint8Array[] => {
    const frames = parts.map((part) => Buffer.from(part as string));
    return [Buffer.from("<IDS|MSG>"), Buffer.from(signer.sign(frames)), ...frames];
  };
  const power = (): string => JSON.stringify({ code: payload });
  const headed = (changes: object): string =>
    JSON.stringify({ ...child(undefined, pick(powers), {}).header, ...changes });

  const kinds: readonly (() => Uint8Array[])[] = [
    () => [Buffer.from(pick(["", "junk", "<IDS|MSG>", "x".repeat(5000)]))],
    () =>
      Array.from({ length: 1 + Math.floor(random() * 40) }, () =>
        Buffer.alloc(Math.floor(random() * 60), random() * 256),
      ),
    () => powerful(signer).slice(1),
    () => powerful(signer).slice(0, 1 + Math.floor(random() * 5)),
    () => powerful(forger),
    () => {
      const frames = powerful(signer);
      if (secrets.length < 1000) secrets.push(String(frames[signature]));
      frames[signature] = Buffer.from(
        pick(["", "0".repeat(64), "0".repeat(1 << 16), String(frames[signature]).toUpperCase()]),
      );
      return frames;
    },
    () => {
      const frames = encode(child(undefined, "kernel_info_request", {}), signer);
      const at = pick([header, header + 1, header + 2, content]);
      frames[at] = Buffer.from(at === header ? headed({}) : power());
      if (secrets.length < 2000) secrets.push(signer.sign(frames.slice(header)));
      return frames;
    },
    () => (sent.length === 0 ? [] : pick(sent)),
    () => signed(headed({}), "{}", "{}", Buffer.from(`{"code": "${payload}\xff"}`, "latin1")),
    () => signed(headed({}), "{}", "{}", power().slice(0, -1 - Math.floor(random() * 9))),
    () => signed(headed({}), "{}", "{}", pick(["[]", "null", "7", '"text"', "", "\0"])),
    () =>
      signed(
        pick(["{}", "[]", headed({ msg_id: 7 }), headed({ msg_type: ["x"] }), headed({ session: {} })]),
        "{}",
        "{}",
        power(),
      ),
    () => signed(headed({ msg_type: "a\nnabla: b" }), "{}", "{}", power()),
    () => signed(headed({}), "{}", "{}", `{"code": ${"[".repeat(5000)}${"]".repeat(5000)}}`),
    () => [...new Array(9).fill(Buffer.from("me")), ...powerful(signer)],
    () => encode(child(undefined, pick(checked), wrongCode()), signer),
    () => encode(child(undefined, pick(harmless), some(), { metadata: some(), buffers: [Buffer.alloc(9)] }), signer),
    () => encode({ ...child(undefined, pick(harmless), some()), parent_header: some() as never }, signer),
  ];

  return {
    secrets,
    next() {
      const frames = pick(kinds)();
      // Replays of what was heard: also of what was refused, which is refused again.
      if (frames.length > 6 && sent.length < 500 && frames[delimiter]?.byteLength === 9) sent.push(frames);
      return frames.length === 0 ? [Buffer.alloc(0)] : frames;
    },
  };
}
