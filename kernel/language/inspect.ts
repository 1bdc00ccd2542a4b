import ts from "typescript";
import type { Notebook } from "./notebook.js";
import { signatureText } from "./signature.js";

/** What is known about the name at an offset. */
export interface Inspection {
  readonly name: string;
  readonly signature: string;
  /** The doc comment and its tags, as Markdown. */
  readonly documentation: string;
}

/**
 * Signature and documentation of the thing at an offset of a text; within an empty call `f(|)`, of `f`.
 *
 * @param level 1 adds where it is declared
 */
export function inspect(notebook: Notebook, code: string, offset: number, level: number): Inspection | undefined {
  const path = notebook.scratch(code);
  const { languageService } = notebook.service;
  const callee = /[\p{ID_Continue}$](?=\s*\($)/u.exec(code.slice(0, offset))?.index;
  for (const at of [offset, offset - 1, callee]) {
    if (at === undefined || at < 0 || at >= code.length) continue;
    const found = languageService.getQuickInfoAtPosition(path, at);
    if (!found || found.textSpan.start >= code.length) continue;
    const name = code.slice(found.textSpan.start, found.textSpan.start + found.textSpan.length);
    const signature = signatureText(found.displayParts);
    const tags = (found.tags ?? []).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`.trim());
    const source = level > 0 ? declaredAt(notebook, path, at) : [];
    const documentation = [ts.displayPartsToString(found.documentation), ...tags, ...source].filter(Boolean).join("\n");
    return { name, signature, documentation };
  }
  return undefined;
}

function declaredAt(notebook: Notebook, path: string, offset: number): string[] {
  const { languageService, program } = notebook.service;
  return (languageService.getDefinitionAtPosition(path, offset) ?? []).slice(0, 3).map(({ fileName, textSpan }) => {
    const file = program.getSourceFile(fileName);
    const line = file ? file.getLineAndCharacterOfPosition(textSpan.start).line + 1 : 1;
    const name = notebook.nameOf(fileName);
    return name.startsWith("In[") ? `declared in ${name}` : `declared in ${name}:${line}`;
  });
}
