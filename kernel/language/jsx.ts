import ts = require("typescript");

/** Which JSX a text holds: none (`<T>x` is a cast), that of `jsxImportSource`, or calls of a factory. */
export type Jsx = "none" | "automatic" | "classic";

/** A text says that it holds JSX in a comment at its very start: `@jsxImportSource preact`, `@jsx h` or just `@jsx`. */
export function jsxOf(code: string, always = false): Jsx {
  const comments = commentsBefore(code);
  if (/@jsx[ \t]+[\w$]|@jsxRuntime[ \t]+classic/.test(comments)) return "classic";
  return always || comments.includes("@jsx") ? "automatic" : "none";
}

/** The comments at the start of a text, which hold such words: they only count there. */
export function pragmas(code: string): string {
  return jsxOf(code) === "none" ? "" : commentsBefore(code);
}

/** The names that a text with JSX may call and does not mention: those of `@jsx h` and `@jsxFrag F`, else TypeScript's own. */
export function factoriesOf(code: string): string[] {
  const named = commentsBefore(code).matchAll(/@jsx(?:Frag)?[ \t]+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu);
  return ["React", ...Array.from(named, ([, name = ""]) => name)];
}

function commentsBefore(code: string): string {
  return /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(code)?.[0] ?? "";
}

/** The emit that goes with it, if it is another than that of the settings. */
export function jsxEmit(jsx: Jsx): ts.JsxEmit | undefined {
  return jsx === "classic" ? ts.JsxEmit.React : undefined;
}
