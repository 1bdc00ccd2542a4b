import ts = require("typescript");

import type { CellText, Declared, Meaning } from "./names.js";

/** A name that a checked cell leaves behind. */
export interface Left extends Declared {
  readonly meaning: Meaning;
  /** The cell gives the name a value when it runs; without that the name does not count. */
  readonly runs: boolean;
}

/**
 * What a checked cell leaves to later ones: its own names, those of `export *`, and what they mean.
 *
 * @param companions names of which the cell only says a type; an earlier cell's value stays
 */
export function leavesOf(
  text: CellText,
  companions: ReadonlyMap<string, boolean>,
  checker: ts.TypeChecker,
  file: ts.SourceFile,
): Map<string, Left> {
  const module = checker.getSymbolAtLocation(file);
  const left = new Map<string, Left>();
  for (const symbol of module ? checker.getExportsOfModule(module) : []) {
    const declared = text.declared.get(symbol.name);
    if (declared?.disposed || symbol.name === "default" || (!declared && !text.hasStar)) continue;
    const how = declared ?? { mutable: false, ambient: false };
    const meaning = how.typeOnly ? "type" : meaningOf(symbol, checker);
    const mutable = companions.get(symbol.name) ?? how.mutable;
    left.set(symbol.name, { ...how, mutable, meaning, runs: meaning !== "type" && !companions.has(symbol.name) });
  }
  return left;
}

function meaningOf(symbol: ts.Symbol, checker: ts.TypeChecker): Meaning {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  // An untyped package has no flags of its own, but it is a value.
  const flags = checker.isUnknownSymbol(target) ? ts.SymbolFlags.Value : target.flags | symbol.flags;
  // A type of an earlier cell that a value has joined is an alias of it.
  const isType = (flags & (ts.SymbolFlags.Type | ts.SymbolFlags.Namespace)) !== 0 || isJoined(symbol, checker);
  if (!(flags & ts.SymbolFlags.Value)) return "type";
  return isType ? "both" : "value";
}

function isJoined(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).some((declaration) => ts.isImportEqualsDeclaration(declaration));
}
