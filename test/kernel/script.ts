/** A session between a language and a user thread that follow a script: the protocol without processes. */
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { Debugger } from "../../kernel/debug/debugger.js";
import { handlers } from "../../kernel/handlers/index.js";
import { createHistory } from "../../kernel/history/history.js";
import { createSession } from "../../kernel/session.js";
import type { FromLanguage, FromUser, ToLanguage, ToUser } from "../../kernel/threads.js";
import { type Channel, child, type Header, type Json, type Message } from "../../kernel/wire/message.js";
import { problemOf } from "./schema/validate.js";

type Reaction<In, Out> = (message: In) => Out[];

/** The error of a cell that throws. */
export const error = { ename: "Error", evalue: "no", traceback: ["Error: no"] };

/** Accepts every cell; each answer can be held back or replaced. */
const debugging = new Debugger({ expose() {}, shielded: () => false, log() {} });
const language: Reaction<ToLanguage, FromLanguage> = (message) => {
  if (message.type !== "check") return [];
  const { request, cell, count, code } = message;
  if (code === "type error") return [{ type: "checked", request, checked: { ok: false, error } }];
  return [{ type: "checked", request, checked: { ok: true, emitted: { cell, count, code, js: code, map: "" } } }];
};

/** `print x` prints, `show x` has a result, `throw` fails, anything else is done at once; `wait` never ends. */
const user: Reaction<ToUser, FromUser> = (message) => {
  if (message.type === "comm-open" || message.type === "comm-message" || message.type === "comm-close")
    return [{ type: "comm-heard", cell: message.cell }];
  if (message.type !== "evaluate") return [];
  const { cell, js } = message.emitted;
  const [verb, word = ""] = js.split(" ");
  const done = (outcome: Extract<FromUser, { type: "done" }>["outcome"]): FromUser => ({
    type: "done",
    cell,
    outcome,
    defined: ["x"],
  });
  if (verb === "wait") return [];
  if (verb === "throw") return [done({ status: "error", error })];
  if (verb === "show") return [done({ status: "ok", result: { data: { "text/plain": word }, metadata: {} } })];
  if (verb !== "print") return [done({ status: "ok" })];
  return [{ type: "stream", cell, name: "stdout", text: word }, done({ status: "ok" })];
};

/** Starts such a session. */
export function start() {
  const log: string[] = [];
  const out: Message[] = [];
  const toUser: ToUser[] = [];
  const toLanguage: ToLanguage[] = [];
  let exits = 0;
  let presses = 0;
  let hold = false;
  const keep = (channel: Channel | "iopub", message: Message): void => {
    // As it looks on the other side of the wire.
    const arrived = JSON.parse(JSON.stringify({ ...message, buffers: [], identities: [] })) as Message;
    assert.equal(problemOf(channel, { ...arrived, buffers: message.buffers }), undefined);
    out.push(message);
  };
  const session = createSession({
    handlers: handlers({ protocol: "5.5", version: "0.0.0", typescript: "6.0" }, { shell_port: 1 }, debugging),
    history: createHistory(),
    send: (channel, message) => keep(channel, message),
    publish: (message) => keep("iopub", message),
    user(message) {
      toUser.push(message);
      setImmediate(() => {
        for (const answer of user(message)) session.fromUser(answer);
      });
    },
    language(message) {
      toLanguage.push(message);
      setImmediate(() => {
        if (!hold) for (const answer of language(message)) session.fromLanguage(answer);
      });
    },
    interrupt: () => {
      presses += 1;
    },
    exit: () => {
      exits += 1;
    },
    log: (text) => void log.push(text),
  });
  out.length = 0;
  const send = (type: string, content: Json, channel: Channel = "shell", header: Partial<Header> = {}): Message => {
    const made = child(undefined, type, content);
    const message = { ...made, header: { ...made.header, ...header } };
    session.receive(channel, message);
    return message;
  };
  return {
    session,
    send,
    out,
    log,
    toUser,
    toLanguage,
    exits: () => exits,
    presses: () => presses,
    hold: (whether: boolean) => {
      hold = whether;
    },
    execute: (code: string, options: Json = {}, subshell?: string) =>
      send("execute_request", { code, ...options }, "shell", { subshell_id: subshell ?? null }),
    /** The content of the reply to a request. */
    async reply(request: Message): Promise<Json> {
      for (let i = 0; i < 20; i++) await turn();
      const mine = out.find((m) => m.header.msg_type.endsWith("_reply") && m.parent_header === request.header);
      return mine?.content ?? {};
    },
    /** What came for a request: `busy`, `stream:text`, `execute_reply:ok`, … */
    async trace(request?: Message): Promise<string[]> {
      for (let i = 0; i < 20; i++) await turn();
      const mine = out.filter((m) => request === undefined || m.parent_header.msg_id === request.header.msg_id);
      return mine.map(({ header, content }) => {
        if (header.msg_type === "status") return String(content.execution_state);
        if (header.msg_type.endsWith("_reply")) return `${header.msg_type}:${content.status}`;
        return header.msg_type === "stream" ? `stream:${content.text}` : header.msg_type;
      });
    },
  };
}
