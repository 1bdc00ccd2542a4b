import { failed, interrupted, malformed, withoutPlace } from "../protocol/error.js";
import { type ExecuteRequest, executed, readExecute } from "../protocol/execute.js";
import type { Handler, Kernel } from "../session.js";
import type { Outcome } from "../threads.js";
import type { Message } from "../wire/message.js";

/** `execute_request`: check the cell, run it, show what came of it. */
export const execute: Handler = {
  serial: true,
  async handle(request, kernel) {
    const wish = readExecute(request.content);
    if (wish === undefined) return malformed("execute_request", "code, a string");
    if (wish.code.trim() === "") return executed(kernel.count(false), await evaluate(wish, request, kernel));
    const count = kernel.count(wish.storeHistory);
    const cell = kernel.openCell(request, wish.allowStdin);
    if (wish.storeHistory) kernel.history.add(count, wish.code);
    if (!wish.silent) kernel.publish(cell, "execute_input", { code: wish.code, execution_count: count });
    const outcome = await run({ cell, count, code: wish.code, silent: wish.silent }, kernel);
    if (outcome.status === "error") {
      const { ename, evalue, traceback } = outcome.error;
      kernel.publish(cell, "error", { ename, evalue, traceback });
      return { ...executed(count), ...failed(outcome.error) };
    }
    if (outcome.result !== undefined && !wish.silent) {
      kernel.publish(cell, "execute_result", { execution_count: count, ...outcome.result });
      const text = outcome.result.data["text/plain"];
      if (wish.storeHistory && typeof text === "string") kernel.history.answer(count, text);
    }
    return executed(count, await evaluate(wish, request, kernel));
  },
};

interface Cell {
  readonly cell: number;
  readonly count: number;
  readonly code: string;
  readonly silent: boolean;
}

async function run({ silent, ...cell }: Cell, kernel: Kernel): Promise<Outcome> {
  const checking = kernel.asks.language<"check">({ type: "check", ...cell }).catch(lost);
  const answer = await kernel.unlessInterrupted(checking);
  if (answer === "interrupted") return { status: "error", error: interrupted("stopped before it ran") };
  if ("status" in answer) return answer;
  if (!answer.checked.ok) return { status: "error", error: answer.checked.error };
  const done = await kernel.evaluate(answer.checked.emitted, silent);
  kernel.language({ type: "commit", cell: cell.cell, defined: done.defined, ...(done.reset ? { reset: true } : {}) });
  return done.outcome;
}

/** The user's expressions, each a small cell of its own after the cell (Jupyter messaging protocol, "user_expressions"). */
async function evaluate(
  { expressions, allowStdin }: ExecuteRequest,
  request: Message,
  kernel: Kernel,
): Promise<Record<string, unknown>> {
  const results: [string, unknown][] = [];
  for (const [name, code] of Object.entries(expressions)) {
    if (typeof code !== "string") {
      results.push([name, malformed("user_expressions", "a string for each name")]);
      continue;
    }
    const cell = kernel.openCell(request, allowStdin);
    // In parentheses it is an expression, or an error: a statement has no value to give back.
    const outcome = await run({ cell, count: kernel.count(false), code: `(${code}\n)`, silent: false }, kernel);
    const { data, metadata } = (outcome.status === "ok" && outcome.result) || nothing;
    results.push([name, outcome.status === "ok" ? { status: "ok", data, metadata } : failed(outcome.error)]);
  }
  return Object.fromEntries(results);
}

const nothing = { data: { "text/plain": "undefined" }, metadata: {} };

function lost(error: Error): Outcome {
  return { status: "error", error: withoutPlace("CheckError", error.message) };
}
