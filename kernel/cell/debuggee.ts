import { displaySymbol, type Rendered } from "../../src/door.js";
import { render, sendable, textOf } from "../render.js";
import type { Scope } from "./evaluate.js";

/**
 * Leaves in this realm what the debugger asks for by name, from another thread, and while this one stands: the notebook's
 * names, and `rich(value, now)`, a value as a cell would show it; `now`: without awaiting anything.
 */
export function exposeToDebugger(scope: Scope): void {
  const rich = (value: unknown, now: boolean): Rendered | Promise<Rendered> => (now ? renderNow(value) : render(value));
  Object.defineProperty(globalThis, Symbol.for("nabla.debuggee"), { value: Object.freeze({ scope, rich }) });
}

/** What a value shows at once; its text, when showing takes time. */
function renderNow(value: unknown): Rendered {
  const text = { "text/plain": textOf(value) };
  try {
    const method = (value as { [displaySymbol]?: unknown } | null | undefined)?.[displaySymbol];
    const shown: unknown = typeof method === "function" ? method.call(value) : undefined;
    if (typeof shown !== "object" || shown === null || shown instanceof Promise) return { data: text, metadata: {} };
    const { data = shown, metadata = {} } = shown as { data?: object; metadata?: object };
    const bundle = sendable({ data: { ...text, ...data }, metadata } as Rendered);
    const isBundle = Object.keys(bundle.data).every((key) => key.includes("/"));
    return isBundle ? bundle : { data: text, metadata: {} };
  } catch {
    return { data: text, metadata: {} };
  }
}
