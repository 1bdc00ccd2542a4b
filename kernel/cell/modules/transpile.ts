import { createRequire } from "node:module";
import type ts from "typescript";
import type { Project } from "../../modules/tsconfig.js";
import { codeFrame } from "../../protocol/code-frame.js";
import { ImportError } from "./import-error.js";

/** JavaScript that came of a file. */
export interface Transpiled {
  readonly js: string;
  /** Source map v3 JSON; none where the text stayed as it was. */
  readonly map?: string;
}

let loaded: typeof ts | undefined;

/** TypeScript, loaded when a local file first needs it: that takes a quarter of a second. */
export function typescript(): typeof ts {
  loaded ??= createRequire(import.meta.url)("typescript") as typeof ts;
  return loaded;
}

/**
 * An ES module as `System.register(…)`: that form keeps cycles, live bindings, `import.meta` and top-level await, and needs
 * no experimental loader of Node. (TypeScript 6 calls it deprecated because 7 drops it, together with this whole interface.)
 *
 * @throws {ImportError} with place and code frame when the syntax is wrong
 */
export function toSystem(code: string, path: string, shown: string, project: Project["options"]): Transpiled {
  return transpile(code, path, shown, { ...project, module: typescript().ModuleKind.System });
}

/** A TypeScript file as CommonJS (`.cts`). */
export function toCommonJs(code: string, path: string, shown: string, project: Project["options"]): Transpiled {
  return transpile(code, path, shown, { ...project, module: typescript().ModuleKind.Node16 });
}

function transpile(code: string, path: string, shown: string, own: ts.CompilerOptions): Transpiled {
  const tsc = typescript();
  const compilerOptions: ts.CompilerOptions = {
    target: tsc.ScriptTarget.ES2022,
    jsx: tsc.JsxEmit.ReactJSX,
    moduleDetection: tsc.ModuleDetectionKind.Force,
    ignoreDeprecations: "6.0",
    allowJs: true,
    esModuleInterop: true,
    preserveConstEnums: true,
    sourceMap: true,
    newLine: tsc.NewLineKind.LineFeed,
    ...own,
  };
  const { outputText, sourceMapText, diagnostics } = tsc.transpileModule(code, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions,
  });
  const wrong = diagnostics?.find(({ file, category }) => file && category === tsc.DiagnosticCategory.Error);
  if (wrong) throw syntaxError(wrong, code, shown);
  const js = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  return sourceMapText === undefined ? { js } : { js, map: sourceMapText };
}

function syntaxError(wrong: ts.Diagnostic, code: string, shown: string): ImportError {
  const tsc = typescript();
  const { line, character } = tsc.getLineAndCharacterOfPosition(tsc.createSourceFile("f", code, 99), wrong.start ?? 0);
  const place = { line: line + 1, column: character + 1, length: wrong.length ?? 1 };
  const text = tsc.flattenDiagnosticMessageText(wrong.messageText, "\n");
  return new ImportError([`${shown}:${place.line}:${place.column} ${text}`, ...codeFrame(code, place)].join("\n"));
}

/** The name that stands for `import` in `import(…)` of CommonJS files: as long, so that places stay where they are. */
export const importName = "__impt";

/** Redirects `import(…)` in a script to {@link importName}: Node would resolve it past the loader of local files. */
export function redirectImports(js: string): string {
  if (!/\bimport\s*\(/.test(js)) return js;
  const tsc = typescript();
  const source = tsc.createSourceFile("script.cjs", js, tsc.ScriptTarget.ESNext, false, tsc.ScriptKind.JS);
  const places: number[] = [];
  const visit = (node: ts.Node): void => {
    if (tsc.isCallExpression(node) && node.expression.kind === tsc.SyntaxKind.ImportKeyword) {
      places.push(node.expression.getStart(source));
    }
    tsc.forEachChild(node, visit);
  };
  visit(source);
  let text = js;
  for (const place of places) text = text.slice(0, place) + importName + text.slice(place + importName.length);
  return text;
}
