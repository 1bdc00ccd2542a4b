import { malformed } from "../protocol/error.js";
import { unknownSubshell } from "../protocol/subshell.js";
import type { Handler } from "../session.js";

/** `create_subshell_request` (JEP 91): a queue of requests beside the main one, over the same notebook. */
export const createSubshell: Handler = {
  handle: (_request, { subshells }) => ({ status: "ok", subshell_id: subshells.create() }),
};

/** `delete_subshell_request` */
export const deleteSubshell: Handler = {
  handle({ content: { subshell_id } }, { subshells }) {
    if (typeof subshell_id !== "string") return malformed("delete_subshell_request", "subshell_id, a string");
    return subshells.delete(subshell_id) ? { status: "ok" } : unknownSubshell(subshell_id);
  },
};

/** `list_subshell_request` */
export const listSubshells: Handler = {
  handle: (_request, { subshells }) => ({ status: "ok", subshell_id: subshells.list() }),
};
