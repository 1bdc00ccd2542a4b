/** `execute_request` (Jupyter messaging protocol, "Execute"), with its defaults filled in. */
export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly allowStdin: boolean;
}

/** Reads the content of an `execute_request`; undefined without code. */
export function readExecute(content: Readonly<Record<string, unknown>>): ExecuteRequest | undefined {
  if (typeof content.code !== "string") return undefined;
  const silent = content.silent === true;
  return {
    code: content.code,
    silent,
    storeHistory: !silent && content.store_history !== false,
    allowStdin: content.allow_stdin !== false,
  };
}

/** Content of an `execute_reply` that went well. */
export function executed(count: number): Record<string, unknown> {
  return { status: "ok", execution_count: count, user_expressions: {}, payload: [] };
}
