import { join } from "node:path";
import ts from "typescript";
import { root } from "../root.js";

/** What TypeScript says about a snippet that sees the library as `nn`. */
export interface Compiled {
  readonly errors: readonly { readonly message: string; readonly at: string; readonly line: string }[];
  /** The type of each `const` of the snippet, as a hover shows it. */
  readonly types: Readonly<Record<string, string>>;
  /** The kinds of type among them that are `any`. */
  readonly any: readonly string[];
}

const usual = 'import { nn } from "../../src/index.js";\n';
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Checks snippets in one program, against the library's emitted declarations: what a notebook sees. `head` stands before each. */
export function compile(snippets: readonly string[], head = usual): Compiled[] {
  const folder = join(root, "dist/test/types");
  const texts = new Map(snippets.map((text, index) => [join(folder, `snippet-${index}.ts`), head + text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists.call(host, file);
  host.readFile = (file) => texts.get(file) ?? readFile.call(host, file);
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file);
    if (text === undefined) return getSourceFile.call(host, file, language, ...rest);
    return ts.createSourceFile(file, text, language, true);
  };
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].map((file) => report(program, program.getSourceFile(file)!));
}

function report(program: ts.Program, source: ts.SourceFile): Compiled {
  const checker = program.getTypeChecker();
  const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  const types: Record<string, string> = {};
  const any: string[] = [];
  for (const statement of source.statements.filter(ts.isVariableStatement)) {
    for (const { name } of statement.declarationList.declarations) {
      const type = checker.getTypeAtLocation(name);
      types[name.getText()] = checker.typeToString(type);
      if (type.flags & ts.TypeFlags.Any) any.push(name.getText());
    }
  }
  const errors = diagnostics.map(({ messageText, start = 0, length = 0 }) => ({
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    at: source.text.slice(start, start + length),
    line: lineAt(source, start),
  }));
  return { errors, types, any };
}

function lineAt(source: ts.SourceFile, start: number): string {
  const begin = source.text.lastIndexOf("\n", start - 1) + 1;
  const end = source.text.indexOf("\n", start);
  return source.text.slice(begin, end < 0 ? undefined : end);
}
