/** `history_request` (Jupyter messaging protocol, "History"): which entries, and whether with their outputs. */
export type HistoryRequest = { readonly output: boolean } & (
  | { readonly access: "tail"; readonly n: number }
  | { readonly access: "range"; readonly session: number; readonly start: number; readonly stop: number }
  | { readonly access: "search"; readonly pattern: string; readonly n: number; readonly unique: boolean }
);

/** Reads the content of a `history_request`; undefined for an access type that does not exist. */
export function readHistory(content: Readonly<Record<string, unknown>>): HistoryRequest | undefined {
  const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
  const output = content.output === true;
  const n = number(content.n, Number.POSITIVE_INFINITY);
  switch (content.hist_access_type) {
    case "tail":
      return { output, access: "tail", n };
    case "range": {
      const stop = number(content.stop, Number.POSITIVE_INFINITY);
      return { output, access: "range", session: number(content.session, 0), start: number(content.start, 0), stop };
    }
    case "search": {
      const pattern = typeof content.pattern === "string" ? content.pattern : "*";
      return { output, access: "search", pattern, n, unique: content.unique === true };
    }
    default:
      return undefined;
  }
}
