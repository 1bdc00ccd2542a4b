import { failed } from "./error.js";

/** The reply to a request whose subshell is not there. */
export function unknownSubshell(id: string): Record<string, unknown> {
  const evalue = `expected the id of a subshell of this kernel, got ${JSON.stringify(id)}`;
  return failed({ ename: "UnknownSubshellError", evalue, traceback: [evalue] });
}
