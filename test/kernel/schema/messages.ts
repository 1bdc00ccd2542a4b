/**
 * The messages that a kernel sends, by channel and type: the Jupyter messaging protocol 5.5 as jupyter_client documents it,
 * stricter where ipykernel and the front ends agree: no field that they do not know, no status that is not theirs.
 */
import {
  amount,
  by,
  count,
  either,
  fields,
  having,
  json,
  like,
  list,
  name,
  object,
  oneOf,
  record,
  type Shape,
  text,
  truth,
  tuple,
} from "./shapes.js";

const failure = { ename: name, evalue: text, traceback: list(text) };

/** A MIME bundle: JSON under JSON types, text (or base64) under all others. */
const bundle: Shape = (value, path) =>
  record((type) => (/[/+]json$/.test(type) ? json : text))(value, path) ??
  list(like(/^[\w.+-]+\/[\w.+-]+(;.*)?$/))(Object.keys(value as object), path);

const rendered = { data: bundle, metadata: object };

type Fields = Readonly<Record<string, Shape>>;

/** A reply by its status. `always` is there in failed replies too, if the request got so far. */
const reply = (required: Fields, optional: Fields = {}, always: Fields = {}): Shape =>
  by("status", {
    ok: fields({ status: text, ...required }, optional),
    error: fields({ status: text, ...failure }, always),
    aborted: fields({ status: text }),
  });

const port = count;
const expressions = record(() =>
  by("status", { ok: fields({ status: text, ...rendered }), error: fields({ status: text, ...failure }) }),
);
const ran = { execution_count: count, user_expressions: expressions, payload: list(object) };
const completion = fields({ start: count, end: count, text, type: text }, { signature: text, documentation: text });

const language = fields(
  { name, version: name, mimetype: like(/^text\//), file_extension: like(/^\.\w+$/) },
  { pygments_lexer: name, codemirror_mode: either(name, object), nbconvert_exporter: name },
);

const info = {
  protocol_version: oneOf("5.5"),
  implementation: name,
  implementation_version: like(/^\d+\.\d+\.\d+/),
  language_info: language,
  banner: name,
  help_links: list(fields({ text: name, url: like(/^https:\/\//) })),
  debugger: truth,
  supported_features: list(oneOf("debugger", "kernel subshells")),
};

const memory = { total: count, available: count, percent: amount, used: count, free: count };
const usage = {
  hostname: name,
  pid: count,
  cpu_count: count,
  kernel_cpu: amount,
  kernel_memory: count,
  host_virtual_memory: fields(memory),
};

const both: Fields = {
  kernel_info_reply: reply(info),
  connect_reply: reply({ shell_port: port, iopub_port: port, stdin_port: port, hb_port: port, control_port: port }),
  interrupt_reply: reply({}),
  shutdown_reply: reply({ restart: truth }),
};

const shell: Fields = {
  ...both,
  execute_reply: reply(ran, {}, ran),
  complete_reply: reply({
    matches: list(text),
    cursor_start: count,
    cursor_end: count,
    metadata: fields({}, { _jupyter_types_experimental: list(completion) }),
  }),
  inspect_reply: reply({ found: truth, ...rendered }),
  is_complete_reply: by("status", {
    complete: fields({ status: text }),
    invalid: fields({ status: text }),
    unknown: fields({ status: text }),
    incomplete: fields({ status: text, indent: like(/^\s*$/) }),
    error: fields({ status: text, ...failure }),
  }),
  history_reply: reply({
    history: list(tuple(count, count, either(text, tuple(text, either(text, oneOf(null)))))),
  }),
  comm_info_reply: reply({ comms: record(() => fields({ target_name: text })) }),
};

/** Debug Adapter Protocol, "Response". */
const debugReply = either(
  fields({}),
  fields(
    { type: oneOf("response"), seq: count, request_seq: count, success: truth, command: name },
    { message: text, body: json },
  ),
);

const control: Fields = {
  ...both,
  debug_reply: debugReply,
  usage_reply: reply(usage, { host_cpu_percent: amount }),
  create_subshell_reply: reply({ subshell_id: name }),
  delete_subshell_reply: reply({}),
  list_subshell_reply: reply({ subshell_id: list(name) }),
};

const iopub: Fields = {
  status: fields({ execution_state: oneOf("starting", "busy", "idle") }),
  stream: fields({ name: oneOf("stdout", "stderr"), text: name }),
  display_data: fields({ ...rendered, transient: fields({}, { display_id: name }) }),
  update_display_data: fields({ ...rendered, transient: fields({ display_id: name }) }),
  execute_input: fields({ code: text, execution_count: count }),
  execute_result: fields({ ...rendered, execution_count: count }, { transient: fields({}, { display_id: name }) }),
  error: fields(failure),
  clear_output: fields({ wait: truth }),
  comm_open: fields({ comm_id: name, target_name: text, data: object }, { target_module: name }),
  comm_msg: fields({ comm_id: name, data: object }),
  comm_close: fields({ comm_id: name, data: object }),
  shutdown_reply: both.shutdown_reply!,
  debug_event: fields({ type: oneOf("event"), seq: count, event: name }, { body: json }),
  iopub_welcome: fields({ subscription: text }),
};

const stdin: Fields = { input_request: fields({ prompt: text, password: truth }) };

/** The content of every message that may come on a channel. */
export const contents = { shell, control, iopub, stdin };

const header = fields(
  {
    msg_id: name,
    session: name,
    username: text,
    date: like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
    msg_type: name,
    version: oneOf("5.5"),
  },
  { subshell_id: either(name, oneOf(null)) },
);

/** A client's header comes back as it was. */
const parent = either(fields({}), having({ msg_id: name, msg_type: name }));

/** The parts of a message around its content. */
export const envelope = { header, parent };
