import ts = require("typescript");

/**
 * Parsed files, shared by the programs of a process. TypeScript asks for each of a program's hundreds of files whenever a cell
 * changes one of them: those that are settled are found by path and version, past all that the registry considers.
 */
export function createDocuments(
  isSettled: (path: string) => boolean,
  parsing: ts.JSDocParsingMode,
): ts.DocumentRegistry {
  const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, "", parsing);
  const known = new Map<string, { readonly key: string; readonly version: string; readonly file: ts.SourceFile }>();
  return {
    ...registry,
    updateDocumentWithKey(fileName, path, host, key, snapshot, version, kind, options) {
      const mode = typeof options === "object" ? options.impliedNodeFormat : undefined;
      const found = known.get(path);
      // The old program holds the file: nobody has released it meanwhile.
      if (found?.version === version && found.key === key && found.file.impliedNodeFormat === mode) return found.file;
      const file = registry.updateDocumentWithKey(fileName, path, host, key, snapshot, version, kind, options);
      if (isSettled(fileName)) known.set(path, { key, version, file });
      return file;
    },
  };
}
