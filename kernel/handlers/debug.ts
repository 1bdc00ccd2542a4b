import type { Debugger } from "../debug/debugger.js";
import type { Handler } from "../session.js";

/** `debug_request`: the Debug Adapter Protocol in Jupyter's envelope; events go out as `debug_event`. */
export function debug(on: Debugger): Handler {
  return {
    handle(request, kernel) {
      return on.handle(request.content, {
        asks: kernel.asks,
        publish: (event) => kernel.publish(request, "debug_event", event),
        interrupt: kernel.interrupt,
        adopt: (name) => kernel.language({ type: "adopt", name }),
      });
    },
  };
}
