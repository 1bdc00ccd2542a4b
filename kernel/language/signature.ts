import ts from "typescript";

/** A signature as the user would write it: names of other cells are imports only to TypeScript. */
export function signatureText(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  const text = ts
    .displayPartsToString(parts ? [...parts] : [])
    .replace(/(?:typeof )?import\("[^"]*@cell-[^"]*"\)\./g, "")
    .replace(/\nimport [^\n]*$/, "");
  const bare = text.replace(/^\(alias\) /, "");
  return bare !== text && /^[\p{ID_Continue}$]+[(<]/u.test(bare) ? `function ${bare}` : bare;
}
