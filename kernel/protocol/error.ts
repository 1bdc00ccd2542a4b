import { bold, red } from "./code-frame.js";

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

/** How a cell ends that the user stopped. `evalue`: what became of it, and of the state that it leaves. */
export function interrupted(
  evalue = "The cell was interrupted. Everything that it had defined is kept.",
): ErrorContent {
  return withoutPlace("KeyboardInterrupt", evalue);
}

/** An error that the kernel itself reports, of no line of the cell. */
export function withoutPlace(ename: string, evalue: string): ErrorContent {
  return { ename, evalue, traceback: [`${bold(red(ename))}: ${evalue}`] };
}

/** The reply to a request whose content cannot be used. */
export function malformed(type: string, expected: string): Record<string, unknown> {
  return failed(withoutPlace("MalformedRequest", `${type}: expected ${expected}`));
}
