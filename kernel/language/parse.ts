import type ts from "typescript";

/** What the parser alone has against a text. */
export function syntaxErrors(source: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  // Public only through a whole program; the parser's own list is there and does not cost one.
  return (source as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] })
    .parseDiagnostics;
}
