import { setTimeout as sleep } from "node:timers/promises";
import { readCode } from "../protocol/code.js";
import { malformed } from "../protocol/error.js";
import type { Handler } from "../session.js";

/** After so many ms the answer is "unknown": jupyter console gives up for good after a second. */
const patience = 500;

/** `is_complete_request`: whether a console should run the text or offer another line. */
export const isComplete: Handler = {
  async handle(request, kernel) {
    const wish = readCode(request.content);
    if (wish === undefined) return malformed("is_complete_request", "code, a string");
    const asked = kernel.asks.language<"is-complete">({ type: "is-complete", code: wish.code });
    const { status, indent } = await Promise.race([asked, sleep(patience, { status: "unknown", indent: "" })]);
    return status === "incomplete" ? { status, indent } : { status };
  },
};
