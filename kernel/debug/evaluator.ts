import type { Runtime } from "node:inspector";
import type { Json } from "../wire/message.js";
import { DebugError } from "./dap.js";
import type { DevTools, Group } from "./devtools.js";
import { type Frame, frameScopes } from "./frames.js";

/** What a cell's thread offers the debugger; see `kernel/cell/debuggee.ts`. */
const debuggee = `globalThis[Symbol.for("nabla.debuggee")]`;

/** Turns TypeScript into JavaScript over `__scope`. Throws DebugError for what cannot be read. */
export type Translate = (code: string, names: readonly string[]) => Promise<string>;

/** Evaluates what the user asks, with the names that he sees. */
export class Evaluator {
  readonly #tools: DevTools;
  readonly #translate: Translate;
  #onces = 0;

  constructor(tools: DevTools, translate: Translate) {
    this.#tools = tools;
    this.#translate = translate;
  }

  /** The notebook's names and the values that they have now, as an object: what a file exports is a getter of the scope. */
  async notebook(group: Group): Promise<Runtime.RemoteObject> {
    return this.#global(`({ ...${debuggee}.scope })`, { objectGroup: group });
  }

  /** The value of an expression or of statements, in a frame or else over the notebook's names. Throws DebugError. */
  async value(code: string, frame: Frame | undefined, group: Group): Promise<Runtime.RemoteObject> {
    const local = frame ? await frameScopes(frame, this.#tools) : [];
    const near = new Set(local.flatMap(({ names }) => names.map(({ name }) => name)));
    const notebook = await this.#global(`Object.keys(${debuggee}.scope)`, { returnByValue: true });
    const js = await this.#translate(
      code,
      (notebook.value as string[]).filter((name) => !near.has(name)),
    );
    const expression = `{ const __scope = ${debuggee}.scope, __thrown = (value) => value;\n${js}\n}`;
    const options = { objectGroup: group, generatePreview: true };
    return frame ? this.#inFrame(expression, frame, options) : this.#global(expression, options);
  }

  /** A value as the notebook would show it: `{ data, metadata }`. While the thread is stopped nothing can be awaited. */
  async rich(code: string, frame: Frame | undefined, stopped: boolean): Promise<Json> {
    this.#onces += 1;
    const group: Group = `once-${this.#onces}`;
    try {
      return await this.#rich(await this.value(code, frame, group), stopped);
    } finally {
      this.#tools.tell("Runtime.releaseObjectGroup", { objectGroup: group });
    }
  }

  async #rich(remote: Runtime.RemoteObject, stopped: boolean): Promise<Json> {
    const functionDeclaration = `function (value, now) { return ${debuggee}.rich(value, now); }`;
    const { result: owner } = await this.#tools.ask<Runtime.EvaluateReturnType>("Runtime.evaluate", {
      expression: "globalThis",
    });
    const shown = await this.#tools.ask<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId: owner.objectId,
      functionDeclaration,
      arguments: [argument(remote), { value: stopped }],
      returnByValue: true,
      awaitPromise: !stopped,
      silent: true,
    });
    return checked(shown).value as Json;
  }

  /** Gives the notebook a value by that name. */
  async adopt(name: string, remote: Runtime.RemoteObject): Promise<void> {
    const { objectId } = await this.#global(`${debuggee}.scope`, { objectGroup: "stop" satisfies Group });
    checked(
      await this.#tools.ask<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
        objectId,
        functionDeclaration: "function (name, value) { this[name] = value; }",
        arguments: [{ value: name }, argument(remote)],
        silent: true,
      }),
    );
  }

  async #global(expression: string, options: object): Promise<Runtime.RemoteObject> {
    // No breakpoint stops what the debugger itself asks.
    return checked(
      await this.#tools.ask<Runtime.EvaluateReturnType>("Runtime.evaluate", {
        expression,
        disableBreaks: true,
        silent: true,
        ...options,
      }),
    );
  }

  async #inFrame(expression: string, { call }: Frame, options: object): Promise<Runtime.RemoteObject> {
    const { callFrameId } = call;
    return checked(
      await this.#tools.ask<Runtime.EvaluateReturnType>("Debugger.evaluateOnCallFrame", {
        callFrameId,
        expression,
        silent: true,
        ...options,
      }),
    );
  }
}

function checked({ result, exceptionDetails }: Runtime.EvaluateReturnType): Runtime.RemoteObject {
  if (!exceptionDetails) return result;
  const { exception, text } = exceptionDetails;
  const [line = text] = (exception?.description ?? String(exception?.value ?? text)).split("\n");
  throw new DebugError(line.replace(/\b__scope\./g, ""));
}

function argument({ objectId, unserializableValue, value }: Runtime.RemoteObject): Runtime.CallArgument {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}
