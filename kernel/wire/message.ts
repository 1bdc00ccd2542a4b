import { randomUUID } from "node:crypto";
import type { Signer } from "./signature.js";

/** The version of the messaging protocol that this kernel speaks. */
export const protocolVersion = "5.5";

/** Who said it, when, and what it is (Jupyter messaging protocol, "Message header"). */
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
export function reply(request: Origin, content: Json, extras?: Extras): Message {
  return child(request, request.header.msg_type.replace(/_request$/, "_reply"), content, extras);
}

/** Stands between the identities of a message and its signature. */
export const delimiter = Buffer.from("<IDS|MSG>");

/** The signed frames of a message, ready for a socket; `front` replaces the identities, e.g. by a topic. */
export function encode(message: Message, signer: Signer, front = message.identities): Uint8Array[] {
  const { header, parent_header, metadata, content } = message;
  const frames = [header, parent_header, metadata, content].map((part) => Buffer.from(wellFormed(part)));
  return [...front, delimiter, Buffer.from(signer.sign(frames)), ...frames, ...message.buffers];
}

/** JSON in which half a surrogate pair is U+FFFD: readers like Python could not write it down again as UTF-8. */
function wellFormed(part: Json | Header): string {
  const json = JSON.stringify(part);
  if (!/\\ud[89a-f]/.test(json)) return json;
  return JSON.stringify(part, (_, value: unknown) =>
    typeof value === "string" ? value.replace(loneSurrogates, "\ufffd") : value,
  );
}

const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
