import type { CommMessage } from "../../src/door.js";
import { type CommContent, readComm } from "../protocol/comm.js";
import type { Handler, Kernel } from "../session.js";

/**
 * A handler that hands one kind of comm message to the user thread, with a cell number for what it prints; done when its
 * listeners are, because front ends take output for a message only until it is idle.
 */
function route(give: (comm: CommContent, message: CommMessage, cell: number, kernel: Kernel) => void): Handler {
  return {
    async handle(request, kernel) {
      const comm = readComm(request.content);
      if (comm === undefined) return undefined;
      const { metadata, buffers } = request;
      const cell = kernel.openComm(request);
      give(comm, { data: comm.data, metadata, buffers }, cell, kernel);
      await kernel.heard(cell);
      return undefined;
    },
  };
}

/** `comm_open`: the user thread closes it again when it does not know the target. */
export const commOpen = route(({ id, target }, message, cell, kernel) => {
  kernel.comms.set(id, target);
  kernel.user({ type: "comm-open", id, target, message, cell });
});

/** `comm_msg` */
export const commMessage = route(({ id }, message, cell, kernel) => {
  kernel.user({ type: "comm-message", id, message, cell });
});

/** `comm_close` */
export const commClose = route(({ id }, message, cell, kernel) => {
  kernel.comms.delete(id);
  kernel.user({ type: "comm-close", id, message, cell });
});

/** `comm_info_request`: the comms that are open, of one target or all. */
export const commInfo: Handler = {
  handle({ content }, kernel) {
    const wanted = [...kernel.comms].filter(
      ([, target]) => typeof content.target_name !== "string" || target === content.target_name,
    );
    return { status: "ok", comms: Object.fromEntries(wanted.map(([id, target]) => [id, { target_name: target }])) };
  },
};
