import { failed, interrupted, malformed } from "../protocol/error.js";
import { type ExecuteRequest, executed, readExecute } from "../protocol/execute.js";
import type { Handler, Kernel } from "../session.js";
import type { Outcome } from "../threads.js";

/** `execute_request`: check the cell, run it, show what came of it. */
export const execute: Handler = {
  serial: true,
  async handle(request, kernel) {
    const wish = readExecute(request.content);
    if (wish === undefined) return malformed("execute_request", "code, a string");
    if (wish.code.trim() === "") return executed(kernel.count(false));
    const count = kernel.count(wish.storeHistory);
    const cell = kernel.openCell(request, wish.allowStdin);
    if (wish.storeHistory) kernel.history.add(count, wish.code);
    if (!wish.silent) kernel.publish(cell, "execute_input", { code: wish.code, execution_count: count });
    const outcome = await run(cell, count, wish, kernel);
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
    return executed(count);
  },
};

async function run(cell: number, count: number, wish: ExecuteRequest, kernel: Kernel): Promise<Outcome> {
  const checking = kernel.asks.language<"check">({ type: "check", cell, count, code: wish.code }).catch(lost);
  const answer = await kernel.unlessInterrupted(checking);
  if (answer === "interrupted") return { status: "error", error: interrupted("stopped before it ran") };
  if ("status" in answer) return answer;
  if (!answer.checked.ok) return { status: "error", error: answer.checked.error };
  const done = await kernel.evaluate(answer.checked.emitted, wish.silent);
  kernel.language({ type: "commit", cell, defined: done.defined, ...(done.reset ? { reset: true } : {}) });
  return done.outcome;
}

function lost(error: Error): Outcome {
  return { status: "error", error: { ename: "CheckError", evalue: error.message, traceback: [error.message] } };
}
