import ts = require("typescript");

import { documentSymbol } from "./jsdoc.js";
import type { Notebook, Scratch } from "./notebook.js";
import { type Description, documentationText, linesOf, signatureText, withoutCells } from "./signature.js";

/** What is known about the name at an offset. */
export interface Inspection extends Description {
  /** As the text has it: `net`, `net.summary`. */
  readonly name: string;
}

/**
 * Signature and documentation of the thing at an offset of a text; among the arguments of a call `f(a, |)`, of `f` and of
 * the parameter that is due.
 *
 * @param level 1 adds where it is declared, and of a name of the notebook its source
 */
export function inspect(notebook: Notebook, code: string, offset: number, level: number): Inspection | undefined {
  const scratch = notebook.scratch(code);
  const { path, shift } = scratch;
  const file = notebook.service.program.getSourceFile(path);
  if (!file || notebook.service.languageService.getSpanOfEnclosingComment(path, shift + offset, false))
    return undefined;
  const word = [offset, offset - 1].find((at) => isName(file, shift + at));
  if (word !== undefined) return ofName(notebook, scratch, code, word, level);
  return ofCall(notebook, scratch, offset) ?? ofName(notebook, scratch, code, offset - 1, level);
}

/** Does an offset lie in a name? It may be the second half of a letter. */
function isName({ text }: ts.SourceFile, at: number): boolean {
  const start = /[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at;
  return /^[\p{ID_Continue}$#]/u.test(text.slice(start, start + 2));
}

function ofName(
  notebook: Notebook,
  { path, shift }: Scratch,
  code: string,
  offset: number,
  level: number,
): Inspection | undefined {
  if (offset < 0 || offset >= code.length) return undefined;
  const { languageService, program } = notebook.service;
  const at = shift + offset;
  documentSymbol(symbolAt(program, path, at), program.getTypeChecker());
  const found = languageService.getQuickInfoAtPosition(path, at);
  // What nobody declared is `any` of no kind.
  if (!found || found.textSpan.start < shift || found.kind === ts.ScriptElementKind.unknown) return undefined;
  const { start, length } = found.textSpan;
  // Looks back from the end, as in complete.ts.
  const name = /$(?<=([\p{ID_Continue}$.]*))/u.exec(code.slice(0, start - shift))?.[1] ?? "";
  const documentation = [documentationText(found.documentation, found.tags)];
  const whole = name + code.slice(start - shift, start - shift + length);
  if (level > 0) documentation.push(...declaredAt(notebook, path, at), ...sourceOf(notebook, whole));
  return {
    name: whole,
    signature: signatureText(found.displayParts),
    documentation: linesOf(...documentation),
  };
}

function symbolAt(program: ts.Program, path: string, at: number): ts.Symbol | undefined {
  const file = program.getSourceFile(path);
  const node = file && innermost(file, at, (found): found is ts.Identifier => ts.isIdentifier(found));
  return node && program.getTypeChecker().getSymbolAtLocation(node);
}

/** The smallest node around a place that is of the kind wanted. */
function innermost<N extends ts.Node>(
  file: ts.SourceFile,
  at: number,
  wanted: (node: ts.Node) => node is N,
): N | undefined {
  let found: N | undefined;
  // A call that is not closed yet ends before the space behind its last argument.
  const inked = file.text.slice(0, at).trimEnd().length;
  const visit = (node: ts.Node): void => {
    if (at < node.pos || inked > node.end) return;
    if (wanted(node)) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function ofCall(notebook: Notebook, { path, shift }: Scratch, offset: number): Inspection | undefined {
  const { languageService, program } = notebook.service;
  const at = shift + offset;
  const file = program.getSourceFile(path);
  const isCall = (node: ts.Node): node is ts.CallExpression | ts.NewExpression =>
    (ts.isCallExpression(node) || ts.isNewExpression(node)) && node.expression.end < at;
  const callee = file && innermost(file, at, isCall)?.expression;
  if (!callee) return undefined;
  const checker = program.getTypeChecker();
  const property = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  documentSymbol(checker.getSymbolAtLocation(property), checker);
  const found = languageService.getSignatureHelpItems(path, at, undefined);
  const item = found?.items[found.selectedItemIndex];
  if (!found || !item) return undefined;
  const join = (parts: readonly ts.SymbolDisplayPart[]): string => ts.displayPartsToString([...parts]);
  const parameters = item.parameters.map(({ displayParts }) => join(displayParts));
  const due = item.parameters[Math.min(found.argumentIndex, parameters.length - 1)];
  const { prefixDisplayParts, separatorDisplayParts, suffixDisplayParts } = item;
  const signature = join(prefixDisplayParts) + parameters.join(join(separatorDisplayParts)) + join(suffixDisplayParts);
  const parameter = due ? [`▸ ${join(due.displayParts)}`, join(due.documentation)].filter(Boolean).join(": ") : "";
  const documentation = linesOf(parameter, documentationText(item.documentation, item.tags));
  return { name: callee.getText(file), signature: withoutCells(signature), documentation: withoutCells(documentation) };
}

function declaredAt(notebook: Notebook, path: string, offset: number): string[] {
  const { languageService, program } = notebook.service;
  const found = languageService.getDefinitionAtPosition(path, offset) ?? [];
  const places = found.map(({ fileName, textSpan }) => {
    const file = program.getSourceFile(fileName);
    const line = file ? file.getLineAndCharacterOfPosition(textSpan.start).line + 1 : 1;
    const name = notebook.nameOf(fileName, textSpan.start);
    return name.startsWith("In[") ? `declared in ${name}` : `declared in ${name}:${line}`;
  });
  // Each overload is a declaration.
  return [...new Set(places)].slice(0, 3);
}

function sourceOf(notebook: Notebook, name: string): string[] {
  const source = notebook.sourceOf(name);
  return source === undefined ? [] : [`\`\`\`typescript\n${source}\n\`\`\``];
}
