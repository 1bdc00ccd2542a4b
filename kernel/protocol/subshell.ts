import { failed, withoutPlace } from "./error.js";

/** The reply to a request whose subshell is not there. */
export function unknownSubshell(id: string): Record<string, unknown> {
  return failed(
    withoutPlace("UnknownSubshellError", `expected the id of a subshell of this kernel, got ${JSON.stringify(id)}`),
  );
}
