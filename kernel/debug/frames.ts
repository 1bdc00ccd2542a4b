import type { Debugger, Runtime } from "node:inspector";
import type { Json } from "../wire/message.js";
import { urlOf } from "./cells.js";
import { DebugError } from "./dap.js";
import type { DevTools, Group } from "./devtools.js";
import type { Named } from "./listing.js";
import type { Scripts, SourcePlace } from "./scripts.js";

/** A frame of the user's code. */
export interface Frame {
  readonly call: Debugger.CallFrame;
  readonly name: string;
  readonly place: SourcePlace;
  /** The name of the source, e.g. `In[3]`. */
  readonly file: string;
}

/** What a frame sees at one level, by name; innermost first. */
export interface FrameScope {
  readonly title: string;
  readonly names: readonly Named[];
}

/** The frames of the user's code, innermost first; the kernel's, Node's and what he did not write are left out. */
export function userFrames(calls: readonly Debugger.CallFrame[], scripts: Scripts): Frame[] {
  return calls.flatMap((call) => {
    const place = scripts.source(call.location);
    const script = scripts.get(call.location.scriptId);
    if (!place || !script) return [];
    const file = script.count === undefined ? place.path : urlOf(script.count);
    const isBody = script.count !== undefined && call.functionName === "" && isCellBody(call);
    return [{ call, name: isBody ? file : call.functionName || "(anonymous)", place, file }];
  });
}

/** A frame for the front end (Debug Adapter Protocol, "StackFrame"). */
function frameJson({ name, place, file }: Frame, id: number): Json {
  const isFile = file === place.path;
  return {
    id,
    name,
    line: place.line + 1,
    column: place.column + 1,
    source: { name: isFile ? file.slice(file.lastIndexOf("/") + 1) : file, path: place.path },
    ...(file.includes("/node_modules/") ? { presentationHint: "subtle" } : {}),
  };
}

/** The body of a cell is a function that nothing of the cell is around. */
function isCellBody({ scopeChain }: Debugger.CallFrame): boolean {
  return !scopeChain.some(({ type }) => type === "closure");
}

const titles: Partial<Record<Debugger.Scope["type"], string>> = {
  local: "Locals",
  block: "Locals",
  catch: "Locals",
  with: "Locals",
  eval: "Locals",
  closure: "Closure",
  module: "Module",
};

/** Names that only the JavaScript of a cell or a file has. */
const hidden =
  /^(?:__(?:scope|import|defined|magic|filename|dirname|module\d+)|require|module|exports|System|__moduleName|(?:exports|context)_\d+)$/;

/** The scopes of a frame that hold names of the user's; what the notebook itself defines is not among them. */
export async function frameScopes({ call }: Frame, tools: DevTools): Promise<FrameScope[]> {
  const found: { title: string; names: Named[] }[] = [];
  for (const { type, name, object } of call.scopeChain) {
    const kind = titles[type];
    if (kind === undefined || object.objectId === undefined) continue;
    const names = await namesOf(object.objectId, tools);
    // The function around a cell's code: what it holds, the notebook has too.
    if (names.some((each) => each.name === "__scope")) continue;
    const isModule = names.some((each) => each.name === "exports_1");
    const title = isModule ? "Module" : kind === "Closure" && name ? `Closure: ${name}` : kind;
    const own = names.filter((each) => !hidden.test(each.name));
    const before = found.findLast((each) => each.title === title);
    if (before) before.names.push(...own.filter(({ name }) => !before.names.some((each) => each.name === name)));
    else if (own.length > 0) found.push({ title, names: own });
  }
  return found;
}

/**
 * The same names with the values that they have now: V8 lists those of the moment of the stop, whatever an evaluation changed
 * since. A name that an inner scope hides keeps what it had.
 */
export async function readAnew(
  { call: { callFrameId } }: Frame,
  scopes: readonly FrameScope[],
  tools: DevTools,
): Promise<FrameScope[]> {
  const hiding = new Set<string>();
  const visible = scopes.map(({ names }) => names.filter(({ name }) => !hiding.has(name) && hiding.add(name)));
  const reads = [...hiding].map((name) => `[${JSON.stringify(name)}]: (() => { try { return ${name}; } catch {} })()`);
  const { result, exceptionDetails } = await tools.ask<Runtime.EvaluateReturnType>("Debugger.evaluateOnCallFrame", {
    callFrameId,
    expression: `({ ${reads.join(", ")} })`,
    objectGroup: "stop" satisfies Group,
    silent: true,
  });
  if (exceptionDetails || result.objectId === undefined) return [...scopes];
  const now = new Map((await namesOf(result.objectId, tools)).map((named) => [named.name, named]));
  return scopes.map(({ title, names }, index) => ({
    title,
    names: names.map((named) => (visible[index]?.includes(named) ? (now.get(named.name) ?? named) : named)),
  }));
}

/** What belongs to a call beside its names: `this`, and what it is about to return. */
export function callValues({ call }: Frame): Named[] {
  const { this: receiver, returnValue } = call;
  const isOwn = receiver.type === "object" && receiver.subtype !== "null" && receiver.className !== "global";
  const shown = isOwn ? [{ name: "this", remote: receiver, evaluateName: "this" }] : [];
  return returnValue ? [{ name: "(return value)", remote: returnValue }, ...shown] : shown;
}

/** The properties of an object that stands for a scope, sorted by name; those that have no value yet are undefined. */
export async function namesOf(objectId: string, tools: DevTools): Promise<Named[]> {
  const { result } = await tools.ask<Runtime.GetPropertiesReturnType>("Runtime.getProperties", {
    objectId,
    ownProperties: true,
    generatePreview: true,
  });
  const names = result.map(({ name, value }) => ({
    name,
    remote: value ?? ({ type: "undefined" } satisfies Runtime.RemoteObject),
    evaluateName: name,
  }));
  const sorted = names.sort((a, b) => a.name.localeCompare(b.name));
  return Promise.all(sorted.map((named) => withShape(named, tools)));
}

const shapeOf = `function () {
  const own = (name) => Object.getOwnPropertyDescriptor(this, name)?.value;
  const shape = own("shape"), dtype = own("dtype");
  return Array.isArray(shape) && typeof dtype === "string" ? "[" + Array.from(shape).join(", ") + "] " + dtype : "";
}`;

/** What looks like a tensor is told by its shape: V8's preview says only how many dimensions there are. */
async function withShape(named: Named, tools: DevTools): Promise<Named> {
  const { remote } = named;
  const listed = remote.preview?.properties.map(({ name }) => name) ?? [];
  if (!listed.includes("shape") || !listed.includes("dtype")) return named;
  const { result } = await tools.ask<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
    objectId: remote.objectId,
    functionDeclaration: shapeOf,
    returnByValue: true,
    silent: true,
  });
  if (typeof result.value !== "string" || result.value === "") return named;
  const { preview: _, ...bare } = remote;
  return { ...named, remote: { ...bare, description: `${remote.className ?? "Tensor"} ${result.value}` } };
}

/** The frames of one stop by the numbers that the front end was given. */
export class FrameNumbers {
  readonly #frames: readonly Frame[];
  readonly #first: number;
  #base: number;

  /** @param last the last number that was ever given */
  constructor(frames: readonly Frame[], last: number) {
    this.#frames = frames;
    this.#first = last + 1;
    this.#base = last + 1;
  }

  /** The last number given. */
  get last(): number {
    return this.#base + this.#frames.length - 1;
  }

  /** Was something evaluated that may have changed what the frames hold? */
  get renewed(): boolean {
    return this.#base !== this.#first;
  }

  /** Gives new numbers, because a front end reads the variables of frames that it knows only once. */
  renew(): void {
    this.#base = this.last + 1;
  }

  list(): Json[] {
    return this.#frames.map((frame, index) => frameJson(frame, this.#base + index));
  }

  /** Throws DebugError for a number of another stop. */
  get(id: number): Frame {
    const found =
      id < this.#first || id > this.last ? undefined : this.#frames[(id - this.#first) % this.#frames.length];
    if (!found) throw new DebugError(`expected the frameId of a frame of this stop, got ${id}`);
    return found;
  }
}
