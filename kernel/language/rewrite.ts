import ts = require("typescript");

import { definedCall, loadText, type Words, wordsFor } from "./loads.js";
import {
  boundNames,
  declaredNames,
  outsideReferences,
  type ReferenceForm,
  skipParentheses,
  varLists,
} from "./references.js";
import { applyEdits, type Edit, type MappedText } from "./source-map.js";
import { hold } from "./using.js";

/** What the rewriting must know about a cell that its JavaScript no longer tells. */
export interface CellNames {
  /** The names that the cell itself declares at its top level. */
  readonly own: ReadonlySet<string>;
  /** The names of earlier cells that it uses. */
  readonly outer: ReadonlySet<string>;
  /** The last statement of the cell is an expression: return it. */
  readonly result: boolean;
}

/**
 * Turns the JavaScript module of a cell into the body of an async function: every top-level name becomes a property of
 * `__scope`, shared by all cells and alive; imports become `await __import(…)`; after each declaration
 * `__defined("name")` says that it took place; the last expression is returned as `[value]`; `__thrown(value)` keeps the
 * place of a `throw`. Identifiers that inner scopes declare stay as they are. No line is added before the cell's first.
 */
export function rewriteCell(emitted: MappedText, names: CellNames): MappedText {
  return new CellRewriter(emitted.js, names).rewrite(emitted);
}

class CellRewriter {
  readonly #source: ts.SourceFile;
  readonly #names: CellNames;
  readonly #edits: Edit[] = [];
  /** Functions and imports go before everything else, as in a module. */
  readonly #functions: Edit[] = [];
  readonly #imports: Edit[] = [];
  readonly #words: Words;
  readonly #live: Set<string>;
  readonly #seen = new Set<string>();
  #modules = 0;
  #holds = false;

  constructor(js: string, names: CellNames) {
    this.#names = names;
    this.#words = wordsFor(js);
    this.#live = new Set([...names.own, ...names.outer]);
    const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
    this.#source = ts.createSourceFile("cell.js", js, options, false, ts.ScriptKind.JS);
  }

  rewrite(emitted: MappedText): MappedText {
    const { statements } = this.#source;
    const result = statements.findLast((statement) => !isWithoutEffect(statement));
    for (const statement of statements) this.#statement(statement, this.#names.result && statement === result);
    const outside = outsideReferences(this.#source);
    for (const { node, form } of outside.references) {
      if (node.text === hold) this.#hold(node);
      else if (this.#live.has(node.text)) this.#refer(node, form);
    }
    for (const keyword of outside.dynamicImports) this.#replace(keyword, this.#words.load);
    for (const meta of outside.importMetas) this.#replace(meta, `${this.#words.load}.meta`);
    for (const value of outside.thrown) if (!isNewError(value)) this.#mark(value);
    const { prologue, held } = this.#words;
    const first = `${prologue}${this.#holds ? `const ${held} = __hold(); try { ` : ""}`;
    const start = first ? [{ start: 0, end: 0, text: first }] : [];
    const last = `} catch (error) { ${held}.fail(error); } finally { await ${held}.dispose(); }`;
    if (this.#holds) this.#insert(this.#source.text.length, last);
    return applyEdits(emitted, [...start, ...this.#functions, ...this.#imports, ...this.#edits]);
  }

  /** `using`: from its first one on, the whole cell stands in a `try`. */
  #hold(node: ts.Identifier): void {
    this.#holds = true;
    this.#replace(node, `${this.#words.held}.add`);
  }

  /** What is no Error says nothing of where it was thrown. */
  #mark(value: ts.Expression): void {
    this.#insert(value.getStart(this.#source), `${this.#words.thrown}(`);
    this.#insert(value.end, ")");
  }

  #statement(statement: ts.Statement, isResult: boolean): void {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) this.#load(statement);
    else if (ts.isExportAssignment(statement)) this.#expression(statement, isResult);
    else if (ts.isFunctionDeclaration(statement)) this.#function(statement);
    else if (ts.isClassDeclaration(statement)) this.#class(statement);
    else if (ts.isVariableStatement(statement)) this.#variables(statement);
    else if (ts.isExpressionStatement(statement) && isResult) this.#expression(statement, true);
    else this.#block(statement);
  }

  #load(statement: ts.ImportDeclaration | ts.ExportDeclaration): void {
    this.#replace(statement, "");
    if (!statement.moduleSpecifier) return;
    const text = loadText(statement, this.#names.own, `__module${this.#modules++}`, this.#words);
    this.#hoist(this.#imports, text, statement);
  }

  #expression(statement: ts.ExpressionStatement | ts.ExportAssignment, isResult: boolean): void {
    const { expression } = statement;
    const start = expression.getStart(this.#source);
    this.#edit(statement.getStart(this.#source), start, isResult ? "return [(" : "(");
    this.#edit(expression.end, statement.end, isResult ? ")];" : ");");
  }

  #function(statement: ts.FunctionDeclaration): void {
    this.#unexport(statement);
    const name = statement.name?.text;
    if (name === undefined) this.#wrap(statement);
    else if (this.#names.own.has(name))
      this.#hoist(this.#functions, `${this.#words.scope}.${name} = ${name}; ${this.#defined([name])} `, statement);
  }

  #class(statement: ts.ClassDeclaration): void {
    const name = statement.name?.text;
    this.#unexport(statement);
    if (name === undefined) this.#wrap(statement);
    else if (this.#names.own.has(name)) {
      this.#insert(keywordStart(statement, this.#source), `${this.#words.scope}.${name} = `);
      this.#insert(statement.end, `; ${this.#defined([name])}`);
    }
  }

  #variables(statement: ts.VariableStatement): void {
    const list = statement.declarationList;
    const names = declaredNames(list);
    this.#unexport(statement);
    if (!names.some((name) => this.#names.own.has(name))) return;
    for (const name of names) this.#live.add(name);
    this.#declarations(list, true);
  }

  /** A statement that may hold `var` declarations of the cell in its blocks and loop heads. */
  #block(statement: ts.Statement): void {
    const lists = varLists(statement).filter((list) => declaredNames(list).some((name) => this.#names.own.has(name)));
    const names = [...new Set(lists.flatMap(declaredNames))];
    const fresh = names.filter((name) => !this.#seen.has(name));
    if (names.length > 0) {
      const reset = fresh.map((name) => `${this.#words.scope}.${name} = void 0; `).join("");
      this.#insert(statement.getStart(this.#source), `${reset}${this.#defined(names)} `);
    }
    for (const name of fresh) this.#seen.add(name);
    for (const list of lists) this.#declarations(list, false);
  }

  /** `let a = 1, {b} = o` → `(__scope.a = 1, {b: __scope.b} = o)`. */
  #declarations(list: ts.VariableDeclarationList, isStatement: boolean): void {
    const [first] = list.declarations;
    if (!first) return;
    const parenthesised = isStatement && ts.isObjectBindingPattern(first.name);
    this.#edit(list.getStart(this.#source), first.getStart(this.#source), parenthesised ? "(" : "");
    for (const declaration of list.declarations) {
      const { name, initializer } = declaration;
      this.#bind(name);
      if (ts.isIdentifier(name)) {
        if (initializer) this.#keepName(name.text, initializer);
        else if (isStatement && !this.#seen.has(name.text)) this.#insert(name.end, " = void 0");
      }
      const bound = boundNames(name);
      for (const each of bound) this.#seen.add(each);
      // After each declarator, not after the statement: a later one may throw.
      if (isStatement) this.#insert(declaration.end, `, ${definedCall(bound, this.#words)}`);
    }
    if (parenthesised) this.#insert(list.end, ")");
  }

  #bind(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) {
      this.#replace(name, `${this.#words.scope}.${name.text}`);
      return;
    }
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue;
      const shorthand = ts.isObjectBindingPattern(name) && !element.propertyName && !element.dotDotDotToken;
      if (ts.isIdentifier(element.name)) {
        const { text } = element.name;
        this.#replace(element.name, `${shorthand ? `${text}: ` : ""}${this.#words.scope}.${text}`);
        if (element.initializer) this.#keepName(text, element.initializer);
      } else this.#bind(element.name);
    }
  }

  /** An assignment to a property names no function: `{ "f": () => 1 }["f"]` does. */
  #keepName(name: string, value: ts.Expression): void {
    const bare = skipParentheses(value);
    const anonymous =
      ts.isArrowFunction(bare) || ((ts.isFunctionExpression(bare) || ts.isClassExpression(bare)) && !bare.name);
    if (!anonymous) return;
    const key = JSON.stringify(name);
    this.#insert(value.getStart(this.#source), `({ [${key}]: `);
    this.#insert(value.end, ` })[${key}]`);
  }

  #refer(node: ts.Identifier, form: ReferenceForm): void {
    const property = `${this.#words.scope}.${node.text}`;
    const text = {
      plain: property,
      shorthand: `${node.text}: ${property}`,
      // The comma keeps `this` undefined in the function called.
      call: `(0, ${property})`,
      "parenthesised-call": `0, ${property}`,
    };
    const call = form === "call";
    this.#edits.push({ start: node.getStart(this.#source), end: node.end, text: text[form], call });
  }

  #unexport(statement: ts.FunctionDeclaration | ts.ClassDeclaration | ts.VariableStatement): void {
    for (const modifier of statement.modifiers ?? []) if (isExport(modifier)) this.#replace(modifier, "");
  }

  #wrap(statement: ts.FunctionDeclaration | ts.ClassDeclaration): void {
    this.#insert(keywordStart(statement, this.#source), "(");
    this.#insert(statement.end, ");");
  }

  #hoist(where: Edit[], text: string, origin: ts.Node): void {
    where.push({ start: 0, end: 0, text, origin: origin.getStart(this.#source) });
  }

  #defined(names: readonly string[]): string {
    return `${definedCall(names, this.#words)};`;
  }

  #insert(at: number, text: string): void {
    this.#edit(at, at, text);
  }

  #replace(node: ts.Node, text: string): void {
    this.#edit(node.getStart(this.#source), node.end, text);
  }

  #edit(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }
}

/** What may stand after the last expression of a cell without taking its place. */
function isWithoutEffect(statement: ts.Statement): boolean {
  return ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || ts.isEmptyStatement(statement);
}

function isNewError(value: ts.Expression): boolean {
  return ts.isNewExpression(value) && ts.isIdentifier(value.expression) && value.expression.text.endsWith("Error");
}

/** Where a declaration starts after `export default`. */
function keywordStart(statement: ts.FunctionDeclaration | ts.ClassDeclaration, source: ts.SourceFile): number {
  const exports = (statement.modifiers ?? []).filter(isExport);
  return exports.at(-1)?.end ?? statement.getStart(source);
}

function isExport({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;
}
