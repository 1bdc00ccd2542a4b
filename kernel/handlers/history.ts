import { malformed } from "../protocol/error.js";
import { readHistory } from "../protocol/history.js";
import type { Handler } from "../session.js";

/** `history_request`: cells that ran, in this session and in earlier ones. */
export const history: Handler = {
  async handle(request, kernel) {
    const wish = readHistory(request.content);
    if (wish === undefined) return malformed("history_request", "hist_access_type tail, range or search");
    return { status: "ok", history: await kernel.history.find(wish) };
  },
};
