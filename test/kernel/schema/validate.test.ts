import assert from "node:assert/strict";
import { test } from "node:test";
import { type Channel, child, type Json, type Message, reply } from "../../../kernel/wire/message.js";
import { problemOf } from "./validate.js";

const request = child(undefined, "execute_request", { code: "1" });
const ran = { status: "ok", execution_count: 1, user_expressions: {}, payload: [] };
const answer = (content: Json): Message => reply(request, content);
const output = (type: string, content: Json): Message => child(request, type, content);

const right: readonly (readonly [Channel | "iopub", Message])[] = [
  ["shell", answer(ran)],
  ["shell", answer({ status: "aborted" })],
  ["iopub", output("stream", { name: "stdout", text: "x" })],
  ["iopub", child(undefined, "status", { execution_state: "starting" })],
  ["iopub", output("display_data", { data: { "application/json": [1] }, metadata: {}, transient: {} })],
  ["iopub", { ...output("comm_msg", { comm_id: "c", data: {} }), buffers: [Buffer.from("b")] }],
];

test("what the protocol allows passes", () => {
  for (const [channel, message] of right) assert.equal(problemOf(channel, message), undefined);
});

const wrong: readonly (readonly [what: string, Channel | "iopub", Message, RegExp])[] = [
  [
    "an unknown type",
    "iopub",
    output("strem", {}),
    /header.msg_type: expected a type that belongs on iopub, got strem/,
  ],
  ["a reply on another channel", "control", answer(ran), /belongs on control, got execute_reply/],
  ["a missing field", "shell", answer({ status: "ok", execution_count: 1, payload: [] }), /content.user_expressions/],
  ["a field too many", "shell", answer({ ...ran, extra: 1 }), /content.extra: expected no such field, got 1/],
  [
    "a wrong type",
    "shell",
    answer({ ...ran, execution_count: "1" }),
    /content.execution_count: expected a whole number/,
  ],
  ["an unknown status", "shell", answer({ status: "fine" }), /content.status: expected ok or error or aborted/],
  ["an error without a traceback", "shell", answer({ status: "error", ename: "E", evalue: "" }), /content.traceback/],
  [
    "a bad user expression",
    "shell",
    answer({ ...ran, user_expressions: { x: { status: "ok", data: { "text/plain": 1 }, metadata: {} } } }),
    /content.user_expressions\["x"\].data\["text\/plain"\]: expected a string, got 1/,
  ],
  ["a stream with another name", "iopub", output("stream", { name: "log", text: "x" }), /content.name/],
  [
    "a MIME type that is none",
    "iopub",
    output("execute_result", { data: { x: "" }, metadata: {}, execution_count: 1 }),
    /data\[0\]/,
  ],
  [
    "an update of nothing",
    "iopub",
    output("update_display_data", { data: {}, metadata: {}, transient: {} }),
    /display_id/,
  ],
  [
    "an orphaned output",
    "iopub",
    child(undefined, "error", { ename: "E", evalue: "", traceback: [] }),
    /parent_header/,
  ],
  [
    "a reply to another request",
    "shell",
    child(child(undefined, "complete_request", {}), "execute_reply", ran),
    /expected execute_request/,
  ],
  [
    "buffers where none belong",
    "iopub",
    { ...output("clear_output", { wait: true }), buffers: [Buffer.from("b")] },
    /buffers/,
  ],
  [
    "a header without a date",
    "shell",
    { ...answer(ran), header: { ...answer(ran).header, date: "today" } },
    /header.date/,
  ],
  [
    "metadata that is no object",
    "shell",
    { ...answer(ran), metadata: [] as unknown as Json },
    /metadata: expected an object/,
  ],
];

for (const [what, channel, message, problem] of wrong) {
  test(`${what} is a problem with its path, and the message is shown`, () => {
    const found = problemOf(channel, message);
    assert.match(found ?? "nothing", problem);
    assert.ok(found?.includes(message.header.msg_id));
  });
}
