import ts = require("typescript");

import { boundNames, declaredNames } from "./references.js";
import { rewriteCell } from "./rewrite.js";

const options: ts.TranspileOptions = {
  reportDiagnostics: true,
  compilerOptions: {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: false,
    sourceMap: true,
  },
};

/**
 * What a debugger evaluates: TypeScript, an expression or statements, as JavaScript over `__scope`. Its value is that of
 * its last expression. Throws SyntaxError.
 *
 * @param names those of the notebook that nothing nearer hides
 */
export function toExpression(code: string, names: readonly string[]): string {
  const parenthesised = transpile(`(${code.replace(/;\s*$/, "")}\n)`);
  const { js, map, problem } = parenthesised.problem === undefined ? parenthesised : transpile(code);
  if (problem !== undefined) throw new SyntaxError(problem);
  const own = new Set(topLevelNames(js));
  const rewritten = rewriteCell(
    { js, map },
    {
      own: new Set(),
      outer: new Set(names.filter((name) => !own.has(name))),
      result: false,
    },
  );
  return rewritten.js;
}

function transpile(code: string): { js: string; map: string; problem?: string } {
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(code, options);
  const js = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const [first] = diagnostics ?? [];
  const problem = first && ts.flattenDiagnosticMessageText(first.messageText, "\n");
  return { js, map: sourceMapText ?? "", ...(problem === undefined ? {} : { problem }) };
}

function topLevelNames(js: string): string[] {
  const source = ts.createSourceFile("expression.js", js, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS);
  return source.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) return declaredNames(statement.declarationList);
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      return statement.name ? boundNames(statement.name) : [];
    }
    return [];
  });
}
