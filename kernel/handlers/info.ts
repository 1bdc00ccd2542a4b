import { type KernelInfo, kernelInfo } from "../protocol/info.js";
import type { Handler } from "../session.js";
import type { Json } from "../wire/message.js";

/** `kernel_info_request` */
export function info(about: KernelInfo): Handler {
  return { handle: () => kernelInfo(about) };
}

/** `connect_request`: the ports of the connection file, by the names of the protocol. */
export function connect(ports: Json): Handler {
  return { handle: () => ({ status: "ok", ...ports }) };
}
