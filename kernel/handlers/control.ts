import type { Handler } from "../session.js";

/** `interrupt_request`: answered at once; the cell ends with an error of its own. */
export const interrupt: Handler = {
  handle(_request, kernel) {
    kernel.interrupt();
    return { status: "ok" };
  },
};

/** `shutdown_request`: a restart is a shutdown after which the front end starts a new kernel. */
export const shutdown: Handler = {
  handle(request, kernel) {
    const content = { status: "ok", restart: request.content.restart === true };
    // All clients of the kernel learn of it, not only the one that asked.
    kernel.publish(request, "shutdown_reply", content);
    kernel.exit();
    return content;
  },
};

/** `input_reply`: what the user typed for a running cell. */
export const inputReply: Handler = {
  quiet: true,
  handle(request, kernel) {
    kernel.input(typeof request.content.value === "string" ? request.content.value : "", request);
    return undefined;
  },
};
