import type { Debugger } from "../debug/debugger.js";
import type { KernelInfo } from "../protocol/info.js";
import type { Handlers } from "../session.js";
import type { Json } from "../wire/message.js";
import { commClose, commInfo, commMessage, commOpen } from "./comm.js";
import { complete } from "./complete.js";
import { inputReply, interrupt, shutdown } from "./control.js";
import { debug } from "./debug.js";
import { execute } from "./execute.js";
import { history } from "./history.js";
import { connect, info } from "./info.js";
import { inspect } from "./inspect.js";
import { isComplete } from "./is-complete.js";
import { createSubshell, deleteSubshell, listSubshells } from "./subshell.js";
import { usage } from "./usage.js";

/** Every request that the kernel answers, by channel. */
export function handlers(about: KernelInfo, ports: Json, debugging: Debugger): Handlers {
  const both = {
    kernel_info_request: info(about),
    connect_request: connect(ports),
    interrupt_request: interrupt,
    shutdown_request: shutdown,
  };
  return {
    control: {
      ...both,
      debug_request: debug(debugging),
      usage_request: usage(),
      create_subshell_request: createSubshell,
      delete_subshell_request: deleteSubshell,
      list_subshell_request: listSubshells,
    },
    shell: {
      ...both,
      execute_request: execute,
      complete_request: complete,
      inspect_request: inspect,
      is_complete_request: isComplete,
      history_request: history,
      comm_info_request: commInfo,
      comm_open: commOpen,
      comm_msg: commMessage,
      comm_close: commClose,
    },
    stdin: { input_reply: inputReply },
  };
}
