import ts = require("typescript");

import { withoutCells } from "./signature.js";

/** The types of names as a cell sees them, as text; an interface or a type alias says that it is one. */
export function typesOf(names: readonly string[], program: ts.Program, path: string): Record<string, string> {
  const file = program.getSourceFile(path);
  if (!file) return {};
  const checker = program.getTypeChecker();
  const wanted = new Set(names);
  const kinds = ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace | ts.SymbolFlags.Alias;
  const found = checker.getSymbolsInScope(file, kinds).filter(({ name }) => wanted.has(name));
  return Object.fromEntries(found.map((symbol) => [symbol.name, typeOf(symbol, checker, file)]));
}

function typeOf(symbol: ts.Symbol, checker: ts.TypeChecker, file: ts.SourceFile): string {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (target.flags & ts.SymbolFlags.Class) return "class";
  if (target.flags & ts.SymbolFlags.Enum) return "enum";
  if (target.flags & ts.SymbolFlags.ValueModule) return "module";
  if (target.flags & ts.SymbolFlags.Value) {
    return withoutCells(checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, file), file));
  }
  if (target.flags & ts.SymbolFlags.Interface) return "interface";
  return target.flags & ts.SymbolFlags.Type ? "type" : "any";
}
