import { randomUUID } from "node:crypto";
import type { Signer } from "./signature.js";

/** The version of the messaging protocol that this kernel speaks. */
export const protocolVersion = "5.5";

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
  /** Of a request to a subshell (JEP 91). */
  readonly subshell_id?: string | null;
}

/** The sockets that requests come from. */
export type Channel = "shell" | "control" | "stdin";

/** A JSON object, as the content and the metadata of every message are. */
export type Json = Readonly<Record<string, unknown>>;

/** One Jupyter message. `identities` route replies; `buffers` are the binary frames behind the JSON ones. */
export interface Message {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent_header: Header | Record<string, never>;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Uint8Array[];
}

/** What of a message its children need: enough to remember for output that comes late. */
export type Origin = Pick<Message, "identities" | "header">;

/** What else than its content a message may carry. */
export interface Extras {
  readonly metadata?: Json;
  readonly buffers?: readonly Uint8Array[];
}

const session = randomUUID();

/** A message caused by another one, e.g. the output of a cell; without a parent it stands alone. */
export function child(parent: Origin | undefined, type: string, content: Json, extras: Extras = {}): Message {
  return {
    identities: parent?.identities ?? [],
    header: {
      msg_id: randomUUID(),
      session,
      username: "nabla",
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    },
    parent_header: parent?.header ?? {},
    metadata: extras.metadata ?? {},
    content,
    buffers: extras.buffers ?? [],
  };
}

/** The answer to a request: `execute_request` → `execute_reply`, to whom it came from. */
export function reply(request: Message, content: Json): Message {
  return child(request, request.header.msg_type.replace(/_request$/, "_reply"), content);
}

const delimiter = Buffer.from("<IDS|MSG>");

/** The signed frames of a message, ready for a socket; `front` replaces the identities, e.g. by a topic. */
export function encode(message: Message, signer: Signer, front = message.identities): Uint8Array[] {
  const { header, parent_header, metadata, content } = message;
  const frames = [header, parent_header, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
  return [...front, delimiter, Buffer.from(signer.sign(frames)), ...frames, ...message.buffers];
}

/** What came of frames from a socket. A problem is one line for the log. */
export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problem: string };

/** Checks the signature, and only then parses. */
export function decode(frames: readonly Uint8Array[], signer: Signer): Decoded {
  const refuse = (problem: string): Decoded => ({ ok: false, problem });
  const start = frames.findIndex((frame) => delimiter.equals(frame));
  if (start < 0) return refuse("dropped a message without <IDS|MSG>");
  const signature = frames[start + 1];
  const signed = frames.slice(start + 2, start + 6);
  if (signature === undefined || signed.length < 4) return refuse("dropped a message with too few frames");
  if (!signer.verify(signed, signature)) return refuse("dropped a message with a wrong signature");
  const parts: Json[] = [];
  for (const frame of signed) {
    const part = parseObject(frame);
    if (part === undefined) return refuse("dropped a message with a frame that is not a JSON object");
    parts.push(part);
  }
  const [header, parent, metadata, content] = parts as [Json, Json, Json, Json];
  if (!isHeader(header)) return refuse("dropped a message whose header lacks msg_id or msg_type");
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

function parseObject(frame: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(value: Json): value is Json & Header {
  return typeof value.msg_id === "string" && typeof value.msg_type === "string";
}
