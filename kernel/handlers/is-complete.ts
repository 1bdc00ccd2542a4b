import { readCode } from "../protocol/code.js";
import { malformed } from "../protocol/error.js";
import type { Handler } from "../session.js";

/** `is_complete_request`: whether a console should run the text or offer another line. */
export const isComplete: Handler = {
  async handle(request, kernel) {
    const wish = readCode(request.content);
    if (wish === undefined) return malformed("is_complete_request", "code, a string");
    const { status, indent } = await kernel.asks.language<"is-complete">({ type: "is-complete", code: wish.code });
    return status === "incomplete" ? { status, indent } : { status };
  },
};
