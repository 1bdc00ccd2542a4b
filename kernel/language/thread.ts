/**
 * The language thread: a Worker that checks, emits, completes and inspects cells. `workerData`: `port`, which speaks
 * {@link ToLanguage} and {@link FromLanguage}, and `directory`, the notebook's folder.
 */
import { writeSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { FromLanguage, ToLanguage } from "../threads.js";
import { breakables } from "./breakable.js";
import { complete } from "./complete.js";
import { toExpression } from "./expression.js";
import { inspect } from "./inspect.js";
import { isComplete } from "./is-complete.js";
import { completeMagic, completenessOfMagics, inspectMagic } from "./magic-help.js";
import { Notebook } from "./notebook.js";
import type { SavedCell } from "./saved.js";

interface LanguageData {
  readonly port: MessagePort;
  readonly directory: string;
  readonly saved?: readonly SavedCell[];
}

const { port, directory, saved = [] } = workerData as LanguageData;
const notebook = new Notebook(directory);
notebook.restore(saved);

function answer(message: ToLanguage): FromLanguage | undefined {
  switch (message.type) {
    case "check": {
      const { request, cell, count, code } = message;
      return { type: "checked", request, checked: notebook.check(cell, count, code) };
    }
    case "commit":
      notebook.commit(message.cell, message.defined, message.reset);
      return undefined;
    case "complete": {
      const { request, code, offset } = message;
      const plain = notebook.plain(code);
      const found = completeMagic(plain, code, offset) ?? complete(notebook, plain.text, offset);
      return { type: "completed", request, ...found };
    }
    case "inspect": {
      const { code, offset, level } = message;
      const plain = notebook.plain(code);
      const found = inspectMagic(plain, code, offset) ?? inspect(notebook, plain.text, offset, level);
      return { type: "inspected", request: message.request, ...(found ? { found } : {}) };
    }
    case "is-complete": {
      const plain = notebook.plain(message.code);
      const found = completenessOfMagics(plain) ?? isComplete(plain.text);
      return { type: "is-completed", request: message.request, ...found };
    }
    case "breakable":
      return { type: "breakables", request: message.request, places: breakables(notebook.plain(message.code).text) };
    case "expression":
      return { type: "expressed", request: message.request, js: toExpression(message.code, message.names) };
    case "adopt":
      notebook.adopt(message.name);
      return undefined;
  }
}

/** TypeScript gave up: every request still gets its answer, and the log says why it is none. */
function apology(message: ToLanguage, reason: unknown): FromLanguage | undefined {
  // Its stack would be a hundred frames of TypeScript's own.
  const text = isOverflow(reason)
    ? "expected code that nests some thousand levels deep at most, got more. Split it, or put the data in a file."
    : reason instanceof Error
      ? (reason.stack ?? reason.message)
      : String(reason);
  log(`TypeScript failed on ${message.type}: ${text}`);
  switch (message.type) {
    case "check": {
      const error = { ename: "InternalError", evalue: `TypeScript failed on this cell: ${text.split("\n")[0]}` };
      const checked = {
        ok: false,
        error: { ...error, traceback: [error.evalue, ...(isOverflow(reason) ? [] : [text])] },
      } as const;
      return { type: "checked", request: message.request, checked };
    }
    case "commit":
      return undefined;
    case "complete": {
      const { request, offset } = message;
      return { type: "completed", request, start: offset, end: offset, items: [] };
    }
    case "inspect":
      return { type: "inspected", request: message.request };
    case "is-complete":
      return { type: "is-completed", request: message.request, status: "complete", indent: "" };
    case "breakable":
      return { type: "breakables", request: message.request, places: [] };
    case "expression": {
      const problem = reason instanceof Error ? `${reason.name}: ${reason.message}` : text;
      return { type: "expressed", request: message.request, js: "", problem };
    }
    case "adopt":
      return undefined;
  }
}

function isOverflow(reason: unknown): boolean {
  return reason instanceof RangeError && reason.message === "Maximum call stack size exceeded";
}

/** A worker's console goes through the main thread, which may be busy. */
function log(text: string): void {
  writeSync(2, `nabla: ${text}\n`);
}

/** Declarations only spare time: where TypeScript fails to write them, the cell's text stands, and this thread lives on. */
function summarise(): void {
  try {
    notebook.summarise();
  } catch (reason) {
    log(`no declarations for this cell: ${String(reason)}`);
  }
}

port.on("message", (message: ToLanguage) => {
  let reply: FromLanguage | undefined;
  try {
    reply = answer(message);
  } catch (reason) {
    reply = apology(message, reason);
  }
  if (reply) port.postMessage(reply);
  if (message.type === "check") summarise();
  if (message.type === "commit" || message.type === "adopt") parentPort?.postMessage(notebook.changes());
});
const warming = notebook.warm();
/** One step a turn of the event loop: what was asked meanwhile comes first. */
function warm(): void {
  if (warming.next().done) port.postMessage({ type: "ready" } satisfies FromLanguage);
  else setImmediate(warm);
}
setImmediate(warm);
