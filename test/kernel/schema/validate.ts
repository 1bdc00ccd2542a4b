import type { Channel, Message } from "../../../kernel/wire/message.js";
import { contents, envelope } from "./messages.js";
import { object, type Shape } from "./shapes.js";

/** Messages that carry binary buffers. */
const binary = ["comm_open", "comm_msg", "comm_close"];
/** Messages that nobody asked for. */
const unasked = ["status", "iopub_welcome", "stream", "comm_open", "comm_msg", "comm_close", "debug_event"];

/** What is wrong with a message that came from a kernel, with the message itself; undefined when nothing is. */
export function problemOf(channel: Channel | "iopub", message: Message): string | undefined {
  const problem = check(channel, message);
  if (problem === undefined) return undefined;
  const { header, parent_header, metadata, content } = message;
  return `${channel}: ${problem}\nin ${JSON.stringify({ header, parent_header, metadata, content }).slice(0, 2000)}`;
}

function check(channel: Channel | "iopub", message: Message): string | undefined {
  const { header, parent_header, metadata, content, buffers } = message;
  const type = header.msg_type;
  const shapes: Readonly<Record<string, Shape>> = contents[channel];
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined) return `header.msg_type: expected a type that belongs on ${channel}, got ${type}`;
  if (buffers.length > 0 && !binary.includes(type)) return `buffers: expected none, got ${buffers.length}`;
  const orphan = parent_header.msg_id === undefined && !unasked.includes(type);
  if (orphan) return "parent_header: expected the request's, got {}";
  if (type.endsWith("_reply") && channel !== "iopub") {
    const wanted = type.replace(/_reply$/, "_request");
    if (parent_header.msg_type !== wanted) return `parent_header.msg_type: expected ${wanted}`;
  }
  return (
    envelope.header(header, "header") ??
    envelope.parent(parent_header, "parent_header") ??
    object(metadata, "metadata") ??
    shape(content, "content")
  );
}
