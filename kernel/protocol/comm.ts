/** `comm_open`, `comm_msg` and `comm_close` (Jupyter messaging protocol, "Custom messages"). */
export interface CommContent {
  readonly id: string;
  /** Empty but in `comm_open`. */
  readonly target: string;
  readonly data: unknown;
}

/** Reads the content of a comm message; undefined without an id. */
export function readComm(content: Readonly<Record<string, unknown>>): CommContent | undefined {
  const { comm_id, target_name, data } = content;
  if (typeof comm_id !== "string") return undefined;
  return { id: comm_id, target: typeof target_name === "string" ? target_name : "", data: data ?? {} };
}
