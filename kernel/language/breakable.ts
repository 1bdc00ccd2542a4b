import ts = require("typescript");

import type { Breakable } from "../threads.js";
import { syntaxErrors } from "./parse.js";

/** All places of a text where a breakpoint may stand, in order. What vanishes from the JavaScript has none. */
export function breakables(code: string): Breakable[] {
  const source = parse(code);
  const found: Breakable[] = [];
  const visit = (node: ts.Node): void => {
    if (isDeclarationOnly(node)) return;
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
      for (const parameter of node.parameters) visit(parameter);
      add(node.body);
    } else if (isExecuted(node)) add(node);
    else ts.forEachChild(node, visit);
  };
  const add = (node: ts.Node): void => {
    const start = source.getLineAndCharacterOfPosition(node.getStart(source));
    const end = source.getLineAndCharacterOfPosition(node.end).line;
    const at = found.length;
    const place = { line: start.line, column: start.character, end };
    found.push({ ...place, simple: true });
    ts.forEachChild(node, visit);
    found[at] = { ...place, simple: found.length === at + 1 };
  };
  visit(source);
  return found;
}

/** `<T>x` is a cast to the one and the beginning of an element to the other: what can be read decides. */
function parse(code: string): ts.SourceFile {
  const [plain, jsx] = [ts.ScriptKind.TS, ts.ScriptKind.TSX].map((kind) =>
    ts.createSourceFile("code.ts", code, ts.ScriptTarget.ESNext, false, kind),
  ) as [ts.SourceFile, ts.SourceFile];
  return syntaxErrors(plain).length > syntaxErrors(jsx).length ? jsx : plain;
}

/** Types, and imports, which run before everything else. */
function isDeclarationOnly(node: ts.Node): boolean {
  if (ts.canHaveModifiers(node)) {
    const declared = ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
    if (declared) return true;
  }
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isTypeNode(node)
  );
}

function isExecuted(node: ts.Node): boolean {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.some(({ initializer }) => initializer);
  if (ts.isPropertyDeclaration(node)) return node.initializer !== undefined;
  if (ts.isFunctionDeclaration(node) || ts.isBlock(node) || ts.isEmptyStatement(node)) return false;
  return !ts.isLabeledStatement(node) && (ts.isStatement(node) || ts.isExportAssignment(node));
}
