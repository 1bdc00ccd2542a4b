import type { Json } from "../wire/message.js";
import type { Attachment } from "./attachment.js";
import { type Cells, naming } from "./cells.js";
import { type Announce, type Arguments, DebugError } from "./dap.js";
import { callValues, type Frame, frameScopes, readAnew } from "./frames.js";
import type { Named } from "./listing.js";
import { type Stop, threadId } from "./pauses.js";
import { readSource } from "./sources.js";
import { show } from "./values.js";

/** What commands work on. */
export interface Debuggee {
  readonly cells: Cells;
  readonly attachment: Attachment | undefined;
  /** The connection to the inspector, made if there is none. */
  connect(): Attachment;
  readonly announce: Announce;
  expose(on: boolean): void;
  close(): void;
  interrupt(): void;
  adopt(name: string): void;
}

interface Command {
  /** Only after `initialize` or `attach`. */
  readonly attached?: boolean;
  /** One after the other. */
  readonly serial?: boolean;
  /** Returns the body of the response. Throws DebugError. */
  run(args: Arguments, on: Debuggee): Json | undefined | Promise<Json | undefined>;
}

const filters = [
  { filter: "all", label: "All exceptions", default: false, description: "Also those that some code catches" },
  { filter: "uncaught", label: "Uncaught exceptions", default: false, description: "Those that end a cell" },
];

const capabilities: Json = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsModulesRequest: true,
  supportsExceptionInfoRequest: true,
  supportsTerminateRequest: true,
  supportsDelayedStackTraceLoading: true,
  exceptionBreakpointFilters: filters,
};

/** Every command of a `debug_request` by its name. */
export const commands: Readonly<Record<string, Command>> = {
  initialize: {
    serial: true,
    async run(_args, on) {
      await on.connect().start();
      return capabilities;
    },
  },
  attach: {
    serial: true,
    async run(_args, on) {
      await on.connect().start();
      // Not with `initialize`: the event may overtake that response, and JupyterLab makes its menu of exceptions out of both.
      on.announce("initialized", {});
      return undefined;
    },
  },
  configurationDone: { run: () => undefined },
  disconnect: { serial: true, run: (_args, on) => on.close() as undefined },
  terminate: {
    serial: true,
    async run(_args, on) {
      const over = on.attachment?.pauses.over();
      on.interrupt();
      await over;
      on.close();
      on.announce("terminated", {});
      return undefined;
    },
  },
  debugInfo: {
    run: (_args, { attachment }) => ({
      ...naming,
      isStarted: attachment?.started === true,
      breakpoints: attachment?.breakpoints.all ?? [],
      stoppedThreads: attachment?.pauses.stop ? [threadId] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    }),
  },
  dumpCell: { run: (args, { cells }) => ({ sourcePath: cells.dump(args.text("code")) }) },
  source: {
    async run(args, { cells }) {
      const path = args.object("source").text("path");
      const content = await readSource(path, cells);
      // The names by which JupyterLab knows how to colour them.
      return { content, mimeType: /\.[jt]sx$/.test(path) ? "text/typescript-jsx" : "application/typescript" };
    },
  },
  modules: {
    run(args, { attachment }) {
      const files = attachment?.scripts.files() ?? [];
      const start = args.optionalNumber("startModule") ?? 0;
      const count = args.optionalNumber("moduleCount") || files.length;
      const modules = files.map((path, id) => ({ id, name: path.slice(path.lastIndexOf("/") + 1), path }));
      return { modules: modules.slice(start, start + count), totalModules: files.length };
    },
  },
  setBreakpoints: { attached: true, serial: true, run: setBreakpoints },
  setExceptionBreakpoints: {
    attached: true,
    serial: true,
    async run(args, on) {
      const wanted = args.texts("filters");
      const state = ["all", "uncaught"].find((each) => wanted.includes(each)) ?? "none";
      on.expose(state === "uncaught");
      await on.connect().tools.ask("Debugger.setPauseOnExceptions", { state });
      return {};
    },
  },
  threads: { attached: true, run: () => ({ threads: [{ id: threadId, name: "Cells" }] }) },
  continue: {
    attached: true,
    async run(args, on) {
      stopOf("continue", args, on);
      await on.connect().pauses.continue();
      return { allThreadsContinued: true };
    },
  },
  next: { attached: true, run: (args, on) => step("next", args, on) },
  stepIn: { attached: true, run: (args, on) => step("stepIn", args, on) },
  stepOut: { attached: true, run: (args, on) => step("stepOut", args, on) },
  pause: {
    attached: true,
    run(args, on) {
      checkThread("pause", args);
      return on.connect().pauses.pause().then(nothing);
    },
  },
  stackTrace: {
    attached: true,
    run(args, on) {
      const { numbers } = stopOf("stackTrace", args, on);
      const frames = numbers.list();
      const start = args.optionalNumber("startFrame") ?? 0;
      const levels = args.optionalNumber("levels") || frames.length;
      return { stackFrames: frames.slice(start, start + levels), totalFrames: frames.length };
    },
  },
  scopes: { attached: true, run: scopes },
  variables: {
    async run(args, on) {
      const page = {
        start: args.optionalNumber("start"),
        count: args.optionalNumber("count"),
        filter: args.optionalText("filter"),
      };
      return { variables: await on.connect().variables.list(args.number("variablesReference"), page) };
    },
  },
  inspectVariables: { run: async (_args, on) => ({ variables: await on.connect().inspect() }) },
  richInspectVariables: { run: richInspectVariables },
  evaluate: { run: evaluate },
  copyToGlobals: { attached: true, run: copyToGlobals },
  exceptionInfo: { attached: true, run: exceptionInfo },
};

const nothing = (): undefined => undefined;

function checkThread(command: string, args: Arguments): void {
  const wanted = args.optionalNumber("threadId") ?? threadId;
  if (wanted !== threadId)
    throw new DebugError(`${command}: expected threadId ${threadId}, the only one, got ${wanted}`);
}

function stopOf(command: string, args: Arguments, on: Debuggee): Stop {
  checkThread(command, args);
  return on.connect().pauses.stopped(command);
}

async function step(kind: "next" | "stepIn" | "stepOut", args: Arguments, on: Debuggee): Promise<undefined> {
  checkThread(kind, args);
  await on.connect().pauses.step(kind);
}

async function setBreakpoints(args: Arguments, on: Debuggee): Promise<Json> {
  const attachment = on.connect();
  const { breakpoints } = attachment;
  const path = args.object("source").text("path");
  const set = await breakpoints.set(path, args.objects("breakpoints"));
  if (breakpoints.inFiles) await attachment.watchLoading();
  return {
    breakpoints: set.map(({ id, place, requested }) => ({
      id,
      verified: place !== undefined,
      line: place ? place.line + 1 : requested,
      source: { path },
      ...(place ? {} : { message: "Nothing runs at or after this line." }),
    })),
  };
}

/** The frame that a request names, if it does. */
function frameOf(command: string, args: Arguments, on: Debuggee): Frame | undefined {
  const id = args.optionalNumber("frameId");
  return id === undefined ? undefined : on.connect().pauses.stopped(command).numbers.get(id);
}

async function scopes(args: Arguments, on: Debuggee): Promise<Json> {
  const { pauses, variables, tools } = on.connect();
  const stop = pauses.stopped("scopes");
  const frame = stop.numbers.get(args.number("frameId"));
  const scope = (name: string, names: () => Promise<readonly Named[]>, presentationHint?: string): Json => ({
    name,
    expensive: false,
    variablesReference: variables.add("stop", async (page) => variables.paged("stop", await names(), page)),
    ...(presentationHint ? { presentationHint } : {}),
  });
  const before = await frameScopes(frame, tools);
  const found = stop.numbers.renewed ? await readAnew(frame, before, tools) : before;
  const thrown = stop.thrown && frame === stop.frames[0] ? [{ name: "(exception)", remote: stop.thrown }] : [];
  const locals = [...thrown, ...callValues(frame), ...(found.find(({ title }) => title === "Locals")?.names ?? [])];
  const others = found.filter(({ title }) => title !== "Locals");
  return {
    scopes: [
      ...(locals.length > 0 ? [scope("Locals", async () => locals, "locals")] : []),
      ...others.map(({ title, names }) => scope(title, async () => names)),
      scope("Globals", () => on.connect().notebook("stop"), "globals"),
    ],
  };
}

async function richInspectVariables(args: Arguments, on: Debuggee): Promise<Json> {
  const { evaluator, pauses } = on.connect();
  const name = identifier("richInspectVariables", args, "variableName");
  const frame = frameOf("richInspectVariables", args, on);
  return evaluator.rich(name, frame, pauses.stop !== undefined);
}

async function evaluate(args: Arguments, on: Debuggee): Promise<Json> {
  const { evaluator, pauses, variables } = on.connect();
  const group = pauses.stop ? "stop" : "idle";
  const code = args.text("expression");
  const remote = await evaluator.value(code, frameOf("evaluate", args, on), group);
  pauses.stop?.numbers.renew();
  const { value, ...line } = variables.variable(group, { name: "", remote });
  return { result: value, type: line.type, variablesReference: line.variablesReference };
}

async function copyToGlobals(args: Arguments, on: Debuggee): Promise<Json> {
  const { evaluator, pauses } = on.connect();
  const source = identifier("copyToGlobals", args, "srcVariableName");
  const target = identifier("copyToGlobals", args, "dstVariableName");
  const frame = pauses.stopped("copyToGlobals").numbers.get(args.number("srcFrameId"));
  const remote = await evaluator.value(source, frame, "stop");
  await evaluator.adopt(target, remote);
  on.adopt(target);
  return { ...show(remote), variablesReference: 0 };
}

function exceptionInfo(args: Arguments, on: Debuggee): Json {
  const { thrown } = stopOf("exceptionInfo", args, on);
  if (!thrown) throw new DebugError("exceptionInfo: expected a stop at an exception, got another");
  const { value, type = thrown.type } = show(thrown);
  const stackTrace = thrown.description ?? value;
  return {
    exceptionId: type,
    description: value,
    breakMode: thrown.uncaught ? "unhandled" : "always",
    details: { message: value, typeName: type, stackTrace },
  };
}

function identifier(command: string, args: Arguments, name: string): string {
  const text = args.text(name);
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)) return text;
  throw new DebugError(`${command}: expected ${name}, the name of a variable, got ${JSON.stringify(text)}`);
}
