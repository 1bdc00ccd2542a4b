import ts = require("typescript");

import { plumbing } from "./flatten.js";
import { documentSymbol } from "./jsdoc.js";

/** What there is to say about a name in a line, and in its doc comment. */
export interface Description {
  readonly signature: string;
  /** The doc comment and its tags, as Markdown. */
  readonly documentation: string;
}

/** Other cells are namespaces only to TypeScript; the user sees names. */
export function withoutCells(text: string): string {
  return text.replace(plumbing, "");
}

/** A signature as the user would write it. */
export function signatureText(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  const text = withoutCells(ts.displayPartsToString(parts ? [...parts] : [])).replace(
    /\n(?:import|export) [^\n]*$/,
    "",
  );
  const bare = text.replace(/^\(alias\) /, "");
  return bare !== text && /^[\p{ID_Continue}$]+[(<]/u.test(bare) ? `function ${bare}` : bare;
}

/** Lines that stay lines in Markdown; in plain text the break does not show. */
export function linesOf(...lines: readonly string[]): string {
  return lines.filter(Boolean).join("  \n");
}

/** A doc comment, and below it its tags, one a line. */
export function documentationText(
  documentation: readonly ts.SymbolDisplayPart[] | undefined,
  tags: readonly ts.JSDocTagInfo[] | undefined,
): string {
  const lines = (tags ?? []).map((tag) => `@${tag.name} ${ts.displayPartsToString([...(tag.text ?? [])])}`.trim());
  return linesOf(ts.displayPartsToString([...(documentation ?? [])]), ...lines);
}

/** The same of a symbol, for lists: quicker than asking the language service about each entry. */
export function describe(name: string, symbol: ts.Symbol, at: ts.Node, checker: ts.TypeChecker): Description {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  documentSymbol(target, checker);
  const documentation = ts.displayPartsToString(target.getDocumentationComment(checker));
  return { signature: `${kindOf(target)} ${name}${withoutCells(typeOf(target, at, checker))}`, documentation };
}

const { UseAliasDefinedOutsideCurrentScope, AllowUniqueESSymbolType } = ts.TypeFormatFlags;
const format = UseAliasDefinedOutsideCurrentScope | AllowUniqueESSymbolType;

/** What stands behind the name. */
function typeOf(symbol: ts.Symbol, at: ts.Node, checker: ts.TypeChecker): string {
  const { Variable, Function: Func, Method, Property, Accessor, EnumMember } = ts.SymbolFlags;
  if (!(symbol.flags & (Variable | Func | Method | Property | Accessor | EnumMember))) return "";
  const type = checker.getTypeOfSymbolAtLocation(symbol, at);
  const [first, ...others] = symbol.flags & (Func | Method) ? type.getNonNullableType().getCallSignatures() : [];
  if (!first) return `: ${checker.typeToString(type, at, format)}`;
  return checker.signatureToString(first, at, format) + (others.length > 0 ? ` (+${others.length} overloads)` : "");
}

const kinds: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Method, "method"],
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Enum, "enum"],
  [ts.SymbolFlags.EnumMember, "enum member"],
  [ts.SymbolFlags.Property | ts.SymbolFlags.Accessor, "property"],
  [ts.SymbolFlags.BlockScopedVariable, "let"],
  [ts.SymbolFlags.Variable, "var"],
  [ts.SymbolFlags.Module, "module"],
  [ts.SymbolFlags.Interface, "interface"],
  [ts.SymbolFlags.TypeAlias, "type"],
];

/** What kind of thing a symbol is, in the words of TypeScript's completions. */
export function kindOf(symbol: ts.Symbol): string {
  const { valueDeclaration } = symbol;
  if (valueDeclaration && ts.isVariableDeclaration(valueDeclaration)) {
    return ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Const ? "const" : "let";
  }
  return kinds.find(([flags]) => symbol.flags & flags)?.[1] ?? "value";
}
