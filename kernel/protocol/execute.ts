/** `execute_request` (Jupyter messaging protocol, "Execute"), with its defaults filled in. */
export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly allowStdin: boolean;
  /** What to evaluate once the cell has run, by name. */
  readonly expressions: Readonly<Record<string, unknown>>;
}

/** Reads the content of an `execute_request`; undefined without code. */
export function readExecute(content: Readonly<Record<string, unknown>>): ExecuteRequest | undefined {
  if (typeof content.code !== "string") return undefined;
  const silent = content.silent === true;
  const { user_expressions } = content;
  return {
    code: content.code,
    silent,
    storeHistory: !silent && content.store_history !== false,
    allowStdin: content.allow_stdin !== false,
    expressions: typeof user_expressions === "object" && user_expressions !== null ? { ...user_expressions } : {},
  };
}

/** Content of an `execute_reply` that went well, with what came of the user's expressions. */
export function executed(count: number, expressions: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { status: "ok", execution_count: count, user_expressions: expressions, payload: [] };
}
