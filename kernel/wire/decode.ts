import { isUtf8 } from "node:buffer";
import { delimiter, type Header, type Json, type Message } from "./message.js";
import type { Replays } from "./replays.js";
import type { Signer } from "./signature.js";

/** What came of frames from a socket. A problem is one line for the log; it holds nothing of what the sender wrote. */
export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problem: string };

/** What one message may have at most. A cell of 10 MB and a widget's hundred buffers are well inside. */
export const limits = {
  /** Frames in front of the delimiter: whom to answer. */
  identities: 8,
  frames: 4096,
  /** Bytes of all frames together. */
  bytes: 1 << 28,
  /** Bytes of the four JSON frames together: they are hashed before anybody is trusted. */
  json: 1 << 26,
  /** Bytes of a header. Headers are kept for output that comes late. */
  header: 1 << 13,
  /** Arrays and objects inside each other. JSON.stringify and structured clone go down the stack. */
  depth: 512,
} as const;

/** Checks the size, then the signature, then whether it is a replay, and only then parses. */
export function decode(frames: readonly Uint8Array[], signer: Signer, replays?: Replays): Decoded {
  const start = frames.slice(0, limits.identities + 1).findIndex((frame) => delimiter.equals(frame));
  if (start < 0) return refuse("without <IDS|MSG>");
  const signature = frames[start + 1];
  const signed = frames.slice(start + 2, start + 6);
  if (signature === undefined || signed.length < 4) return refuse("with too few frames");
  if (frames.length > limits.frames) return refuse(`with more than ${limits.frames} frames`);
  if (bytesOf(frames) > limits.bytes || bytesOf(signed) > limits.json) return refuse("that is too large");
  if (!signer.verify(signed, signature)) return refuse("with a wrong signature");
  if (replays?.seen(signature) === true) return refuse("that came before");
  const [header, parent, metadata, content] = signed.map(parseObject);
  if (header === undefined || parent === undefined || metadata === undefined || content === undefined) {
    return refuse("with a frame that is not a JSON object in UTF-8, or nested too deeply");
  }
  if (bytesOf(signed.slice(0, 2)) > 2 * limits.header || !isHeader(header)) {
    return refuse("whose header lacks msg_id or msg_type, or has a field of another type");
  }
  const message: Message = {
    identities: frames.slice(0, start),
    header,
    parent_header: isHeader(parent) ? parent : {},
    metadata,
    content,
    buffers: frames.slice(start + 6),
  };
  return { ok: true, message };
}

function refuse(what: string): Decoded {
  return { ok: false, problem: `dropped a message ${what}` };
}

function bytesOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, frame) => sum + frame.byteLength, 0);
}

function parseObject(frame: Uint8Array): Json | undefined {
  if (!isUtf8(frame) || isDeep(frame)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether JSON text nests deeper than the limit; brackets inside strings do not count. */
function isDeep(text: Uint8Array): boolean {
  if (text.byteLength <= 2 * limits.depth) return false;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.byteLength; i++) {
    const byte = text[i];
    if (quoted) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > limits.depth) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}

const optional = ["session", "username", "date", "version"] as const;

function isHeader(value: Json): value is Json & Header {
  const { msg_id, msg_type, subshell_id = null } = value;
  if (typeof msg_id !== "string" || msg_id === "") return false;
  // The type is written to the log: a plain name cannot forge a line there.
  if (typeof msg_type !== "string" || !/^[\w.:-]{1,100}$/.test(msg_type)) return false;
  if (subshell_id !== null && typeof subshell_id !== "string") return false;
  return optional.every((name) => value[name] === undefined || typeof value[name] === "string");
}
