import type { Origins } from "./origins.js";
import type { Questions } from "./questions.js";
import { type FromUser, type ToUser, weight } from "./threads.js";
import { type Channel, child, type Extras, type Json, type Message } from "./wire/message.js";

/** What the user thread wants the front end to see. */
type Shown = Exclude<FromUser, { type: "ready" | "done" | "inspected" | "comm-heard" }>;
type ShownAs<T extends Shown["type"]> = Extract<Shown, { type: T }>;

/** What a relay stands on. */
export interface RelayParts {
  readonly origins: Origins;
  readonly questions: Questions;
  /** Open comms: id → target. */
  readonly comms: Map<string, string>;
  /** iopub; `cell` gives the parent, `load` counts in `shared.outstanding` until the socket took the message. */
  publish(cell: number, type: string, content: Json, extras?: Extras, load?: number): void;
  send(channel: Channel, message: Message): void;
  user(message: ToUser): void;
}

/** Makes messages of the protocol out of what the user thread says. */
export function createRelay({ origins, questions, comms, publish, send, user }: RelayParts): (message: Shown) => void {
  const publishComm = (
    type: string,
    content: Json,
    from: ShownAs<"comm-open" | "comm-message" | "comm-close">,
  ): void => {
    const { data, metadata = {}, buffers = [] } = from.message;
    publish(from.cell, type, { comm_id: from.id, data, ...content }, { metadata, buffers }, weight(from));
  };

  const table: { readonly [T in Shown["type"]]: (message: ShownAs<T>) => void } = {
    stream: (message) =>
      publish(message.cell, "stream", { name: message.name, text: message.text }, {}, weight(message)),
    display(message) {
      const type = message.update ? "update_display_data" : "display_data";
      const transient = message.displayId === undefined ? {} : { display_id: message.displayId };
      publish(message.cell, type, { ...message.rendered, transient }, {}, weight(message));
    },
    clear: (message) => publish(message.cell, "clear_output", { wait: message.wait }, {}, weight(message)),
    broadcast(message) {
      const { cell, msgType, content, metadata, buffers } = message;
      publish(cell, msgType, content, { metadata, buffers }, weight(message));
    },
    "late-error": ({ cell, error }) => publish(cell, "error", { ...error }),
    "input-request"({ cell, request, prompt, password }) {
      const origin = origins.asking(cell);
      if (origin === undefined) {
        user({ type: "input-refused", request });
        return;
      }
      const message = child(origin, "input_request", { prompt, password });
      questions.ask({ cell, request, id: message.header.msg_id });
      send("stdin", message);
    },
    "comm-open"(message) {
      comms.set(message.id, message.target);
      publishComm("comm_open", { target_name: message.target }, message);
    },
    "comm-message": (message) => publishComm("comm_msg", {}, message),
    "comm-close"(message) {
      comms.delete(message.id);
      publishComm("comm_close", {}, message);
    },
  };
  return (message) => {
    const show = table[message.type] as (message: Shown) => void;
    show(message);
  };
}
