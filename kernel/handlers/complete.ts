import { codePointOffset, readCode } from "../protocol/code.js";
import { malformed } from "../protocol/error.js";
import type { Handler } from "../session.js";

/** `complete_request`: names that fit at the cursor, with kinds for front ends that show them. */
export const complete: Handler = {
  async handle(request, kernel) {
    const wish = readCode(request.content);
    if (wish === undefined) return malformed("complete_request", "code, a string");
    const { code, offset } = wish;
    const found = await kernel.asks.language<"complete">({ type: "complete", code, offset });
    const start = codePointOffset(code, found.start);
    const end = codePointOffset(code, found.end);
    const kinds = found.items.map(({ text, kind, ...about }) => ({ start, end, text, type: kind, ...about }));
    return {
      status: "ok",
      matches: found.items.map(({ text }) => text),
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: kinds },
    };
  },
};
