/** The three fields that say what went wrong, in an `error` message and in every failed reply. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** Content of a reply to a request that failed. */
export function failed(error: ErrorContent): Record<string, unknown> {
  return { status: "error", ename: error.ename, evalue: error.evalue, traceback: error.traceback };
}

/** Content of a reply to a request that was never begun. */
export const aborted: Readonly<Record<string, unknown>> = { status: "aborted" };

/** The error of a cell that the user stopped. */
export function interrupted(evalue: string): ErrorContent {
  return { ename: "KeyboardInterrupt", evalue, traceback: [`KeyboardInterrupt: ${evalue}`] };
}

/** The reply to a request whose content cannot be used. */
export function malformed(type: string, expected: string): Record<string, unknown> {
  const evalue = `${type}: expected ${expected}`;
  return failed({ ename: "MalformedRequest", evalue, traceback: [evalue] });
}
