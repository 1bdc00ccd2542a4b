import ts = require("typescript");

/** How an identifier stands in the text, which decides how it can be replaced. */
export type ReferenceForm = "plain" | "shorthand" | "call" | "parenthesised-call";

/** An identifier in JavaScript that no function, block, class or catch clause around it declares. */
export interface Reference {
  readonly node: ts.Identifier;
  readonly form: ReferenceForm;
}

/** What a module's JavaScript takes from outside its inner scopes. */
export interface Outside {
  readonly references: readonly Reference[];
  /** The `import` keywords of `import(…)`. */
  readonly dynamicImports: readonly ts.Node[];
  readonly importMetas: readonly ts.MetaProperty[];
  /** What `throw` statements throw. */
  readonly thrown: readonly ts.Expression[];
}

interface Scope {
  readonly names: ReadonlySet<string>;
  readonly parent: Scope | undefined;
}

/** Finds all references of a JavaScript module to names of its own top level and beyond (ECMA-262, 14.2 and 15). */
export function outsideReferences(source: ts.SourceFile): Outside {
  const walk = new ScopeWalk();
  walk.children(source, undefined);
  return walk;
}

class ScopeWalk implements Outside {
  readonly references: Reference[] = [];
  readonly dynamicImports: ts.Node[] = [];
  readonly importMetas: ts.MetaProperty[] = [];
  readonly thrown: ts.Expression[] = [];

  children(node: ts.Node, scope: Scope | undefined): void {
    ts.forEachChild(node, (child) => this.#visit(child, scope));
  }

  #visit(node: ts.Node, scope: Scope | undefined): void {
    if (ts.isIdentifier(node)) this.#refer(node, scope, "plain");
    else if (ts.isFunctionLike(node)) this.#function(node as ts.FunctionLikeDeclaration, scope);
    else if (ts.isClassLike(node)) this.#class(node, scope);
    else if (ts.isCallExpression(node)) this.#call(node, scope);
    else if (ts.isTaggedTemplateExpression(node)) {
      this.#callee(node.tag, scope);
      this.#visit(node.template, scope);
    } else if (ts.isMetaProperty(node)) {
      if (node.keywordToken === ts.SyntaxKind.ImportKeyword) this.importMetas.push(node);
    } else {
      if (ts.isThrowStatement(node)) this.thrown.push(node.expression);
      if (!this.#name(node, scope)) this.children(node, inner(node, scope));
    }
  }

  /** Nodes whose own names are not references; false for all others. */
  #name(node: ts.Node, scope: Scope | undefined): boolean {
    if (ts.isPropertyAccessExpression(node)) this.#visit(node.expression, scope);
    else if (ts.isLabeledStatement(node)) this.#visit(node.statement, scope);
    else if (ts.isShorthandPropertyAssignment(node)) {
      this.#refer(node.name, scope, "shorthand");
      this.#maybe(node.objectAssignmentInitializer, scope);
    } else if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) {
      this.#computed(node.name, scope);
      this.#maybe(node.initializer, scope);
    } else if (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) {
      if (ts.isBindingElement(node)) this.#computed(node.propertyName, scope);
      if (!ts.isIdentifier(node.name)) this.children(node.name, scope);
      this.#maybe(node.initializer, scope);
    } else {
      return ts.isBreakOrContinueStatement(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    }
    return true;
  }

  #function(node: ts.FunctionLikeDeclaration, scope: Scope | undefined): void {
    this.#computed(node.name, scope);
    const named = ts.isFunctionExpression(node) && node.name ? nested([node.name.text], scope) : scope;
    const parameters = nested(
      node.parameters.flatMap(({ name }) => boundNames(name)),
      named,
    );
    for (const parameter of node.parameters) this.#visit(parameter, parameters);
    if (!node.body) return;
    if (ts.isBlock(node.body)) this.children(node.body, nested(bodyNames(node.body), parameters));
    else this.#visit(node.body, parameters);
  }

  #class(node: ts.ClassLikeDeclaration, scope: Scope | undefined): void {
    const own = node.name ? nested([node.name.text], scope) : scope;
    for (const clause of node.heritageClauses ?? []) this.children(clause, own);
    for (const member of node.members) {
      if (ts.isClassStaticBlockDeclaration(member)) this.children(member.body, nested(bodyNames(member.body), own));
      else this.#visit(member, own);
    }
  }

  #call(node: ts.CallExpression, scope: Scope | undefined): void {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) this.dynamicImports.push(node.expression);
    else this.#callee(node.expression, scope);
    for (const argument of node.arguments) this.#visit(argument, scope);
  }

  #callee(callee: ts.Expression, scope: Scope | undefined): void {
    const bare = skipParentheses(callee);
    if (!ts.isIdentifier(bare)) this.#visit(callee, scope);
    else this.#refer(bare, scope, bare === callee ? "call" : "parenthesised-call");
  }

  #computed(name: ts.PropertyName | undefined, scope: Scope | undefined): void {
    if (name && ts.isComputedPropertyName(name)) this.#visit(name.expression, scope);
  }

  #maybe(node: ts.Node | undefined, scope: Scope | undefined): void {
    if (node) this.#visit(node, scope);
  }

  #refer(node: ts.Identifier, scope: Scope | undefined, form: ReferenceForm): void {
    for (let at = scope; at; at = at.parent) if (at.names.has(node.text)) return;
    this.references.push({ node, form });
  }
}

function nested(names: Iterable<string>, parent: Scope | undefined): Scope {
  return { names: new Set(names), parent };
}

/** The scope within a block, a loop, a switch or a catch clause. */
function inner(node: ts.Node, scope: Scope | undefined): Scope | undefined {
  if (ts.isBlock(node)) return nested(lexicalNames(node.statements), scope);
  if (ts.isCaseBlock(node))
    return nested(lexicalNames(node.clauses.flatMap(({ statements }) => [...statements])), scope);
  if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) {
    const head = node.initializer;
    return head && ts.isVariableDeclarationList(head) && !isVar(head) ? nested(declaredNames(head), scope) : scope;
  }
  if (ts.isCatchClause(node) && node.variableDeclaration) {
    return nested(boundNames(node.variableDeclaration.name), scope);
  }
  return scope;
}

/** The names that a binding pattern declares. */
export function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

/** The names that a declaration list declares. */
export function declaredNames(list: ts.VariableDeclarationList): string[] {
  return list.declarations.flatMap(({ name }) => boundNames(name));
}

/** `var`, which belongs to the function around it; not let, const or using. */
export function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

/** `using` and `await using`. */
export function isUsing({ flags }: ts.VariableDeclarationList): boolean {
  const kind = flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing;
}

/** All `var` lists in a statement, however deep in blocks, but not in functions or classes. */
export function varLists(node: ts.Node): ts.VariableDeclarationList[] {
  if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return [];
  const found = ts.isVariableDeclarationList(node) && isVar(node) ? [node] : [];
  ts.forEachChild(node, (child) => {
    found.push(...varLists(child));
  });
  return found;
}

function lexicalNames(statements: readonly ts.Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (ts.isVariableStatement(statement) && !isVar(statement.declarationList)) {
      for (const name of declaredNames(statement.declarationList)) names.add(name);
    } else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      names.add(statement.name.text);
    }
  }
  return names;
}

function bodyNames(body: ts.Block): Set<string> {
  const names = lexicalNames(body.statements);
  for (const statement of body.statements) {
    for (const list of varLists(statement)) for (const name of declaredNames(list)) names.add(name);
  }
  return names;
}

/** The expression within parentheses. */
export function skipParentheses(expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) ? skipParentheses(expression.expression) : expression;
}
