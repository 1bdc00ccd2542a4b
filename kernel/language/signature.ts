import ts from "typescript";

/** Other cells are modules only to TypeScript; the user sees names. */
export function withoutCells(text: string): string {
  return text.replace(/(?:typeof )?import\("[^"]*@cell-[^"]*"\)\./g, "");
}

/** A signature as the user would write it: names of other cells are imports only to TypeScript. */
export function signatureText(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  const text = withoutCells(ts.displayPartsToString(parts ? [...parts] : [])).replace(/\nimport [^\n]*$/, "");
  const bare = text.replace(/^\(alias\) /, "");
  return bare !== text && /^[\p{ID_Continue}$]+[(<]/u.test(bare) ? `function ${bare}` : bare;
}
