import ts from "typescript";

/** What the parser alone has against a text. */
export function syntaxErrors(source: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  // Public only through a whole program; the parser's own list is there and does not cost one.
  const parsed = (source as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] })
    .parseDiagnostics;
  return [...parsed, ...source.statements.filter(isReexport).map((statement) => refusal(source, statement))];
}

function isReexport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

function refusal(file: ts.SourceFile, statement: ts.Statement): ts.DiagnosticWithLocation {
  const start = statement.getStart(file);
  const messageText = "Nothing imports a cell, so it cannot export from another module. Use `import` instead.";
  return { category: ts.DiagnosticCategory.Error, code: 0, file, start, length: statement.end - start, messageText };
}
