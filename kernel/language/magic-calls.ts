import ts = require("typescript");

import { magicOf } from "../magics.js";
import type { MagicCall } from "./magics.js";
import { readCell } from "./names.js";

const { factory } = ts;

/** What the emitted JavaScript of a cell says to its magics: `__magic.run("cd", "data")`. */
export interface CallOptions {
  /** The cell's own text, to which the calls are mapped. */
  readonly code: string;
  /** The names of the notebook with their types, for `%who`. */
  readonly types: Readonly<Record<string, string>>;
}

/**
 * Puts a cell's magics back as calls between its statements, when its JavaScript is emitted: the checker never sees them.
 * `%time` stands around the statements that begin on its line, `%timeit` makes a function of them.
 */
export function magicTransformers(
  calls: readonly MagicCall[],
  options: CallOptions,
): readonly ts.TransformerFactory<ts.SourceFile>[] {
  const insert = (file: ts.SourceFile): ts.SourceFile => new Inserter(file, options).insert(calls);
  return [() => insert];
}

/** The names that the code of `%timeit` declares: they live in the function that is measured, and nowhere else. */
export function measuredNames(calls: readonly MagicCall[], source: ts.SourceFile): ReadonlySet<string> {
  const measured = calls.filter(({ name }) => name === "timeit");
  const isMeasured = (statement: ts.Statement): boolean => {
    const start = statement.getStart(source);
    return measured.some((call) => (call.whole ? start > call.end : start > call.start && start <= call.end));
  };
  const own = source.statements.filter((statement) => isMeasured(statement) && !isOfModule(statement));
  return new Set(own.flatMap((statement) => [...readCell(statement.getText(source)).declared.keys()]));
}

class Inserter {
  readonly #file: ts.SourceFile;
  readonly #options: CallOptions;
  readonly #source: ts.SourceMapSource;

  constructor(file: ts.SourceFile, options: CallOptions) {
    this.#file = file;
    this.#options = options;
    // In the file there are only spaces at this place: TypeScript would take the next token for it.
    this.#source = ts.createSourceMapSource(file.fileName, options.code, (at) => at);
  }

  insert(calls: readonly MagicCall[]): ts.SourceFile {
    const whole = calls.find((call) => call.whole);
    const rest = [...this.#file.statements];
    const takeUntil = (offset: number): ts.Statement[] => {
      const end = rest.findIndex((statement) => statement.getStart(this.#file) >= offset);
      return rest.splice(0, end < 0 ? rest.length : end);
    };
    const first = whole ? takeUntil(whole.end) : [];
    const statements: ts.Statement[] = [];
    for (const call of calls) {
      if (call === whole) continue;
      statements.push(...takeUntil(call.start));
      const takesCode = magicOf(call.name)?.line === "code";
      statements.push(...(takesCode ? this.#around(call, takeUntil(call.end)) : [this.#run(call)]));
    }
    statements.push(...takeUntil(this.#options.code.length));
    return factory.updateSourceFile(this.#file, [...this.#cell(whole, first, statements), ...rest]);
  }

  #cell(call: MagicCall | undefined, first: ts.Statement[], others: ts.Statement[]): ts.Statement[] {
    if (!call) return [...first, ...others];
    if (call.body !== undefined) return [this.#run(call)];
    // As in IPython, what stands behind %%timeit prepares, and is not measured.
    return call.name === "timeit"
      ? [...first, ...this.#around(call, others)]
      : this.#around(call, [...first, ...others]);
  }

  #around(call: MagicCall, statements: readonly ts.Statement[]): ts.Statement[] {
    return call.name === "timeit" ? this.#timeit(call, statements) : this.#time(call, statements);
  }

  /** `__magic.start(); a(); __magic.stop(b())` */
  #time(call: MagicCall, statements: readonly ts.Statement[]): ts.Statement[] {
    const last = statements.at(-1);
    const start = this.#statement(call, "start", []);
    if (!last || !ts.isExpressionStatement(last)) return [start, ...statements, this.#statement(call, "stop", [])];
    const stop = this.#call(call, "stop", [last.expression]);
    return [start, ...statements.slice(0, -1), factory.updateExpressionStatement(last, stop)];
  }

  /** `await __magic.timeit("-n 10", () => { a(); return b(); })` */
  #timeit(call: MagicCall, statements: readonly ts.Statement[]): ts.Statement[] {
    const body = statements.filter((statement) => !isOfModule(statement));
    const last = body.at(-1);
    if (last && ts.isExpressionStatement(last)) body.splice(-1, 1, factory.createReturnStatement(last.expression));
    const isAsync = body.some(awaits) ? [factory.createModifier(ts.SyntaxKind.AsyncKeyword)] : undefined;
    const block = factory.createBlock(body, true);
    const measured = factory.createArrowFunction(isAsync, undefined, [], undefined, undefined, block);
    const args = [factory.createStringLiteral(call.args), measured];
    return [...statements.filter(isOfModule), this.#awaited(call, "timeit", args)];
  }

  #run(call: MagicCall): ts.Statement {
    const texts = [call.name, call.args];
    if (call.body !== undefined) texts.push(call.body);
    if (call.name === "who") texts.push(JSON.stringify(this.#options.types));
    const args = texts.map((text) => factory.createStringLiteral(text));
    return this.#awaited(call, "run", args);
  }

  #awaited(call: MagicCall, method: string, args: readonly ts.Expression[]): ts.Statement {
    const expression = factory.createAwaitExpression(this.#call(call, method, args));
    return this.#at(call, factory.createExpressionStatement(expression));
  }

  #statement(call: MagicCall, method: string, args: readonly ts.Expression[]): ts.Statement {
    return this.#at(call, factory.createExpressionStatement(this.#call(call, method, args)));
  }

  #call(call: MagicCall, method: string, args: readonly ts.Expression[]): ts.CallExpression {
    const callee = factory.createPropertyAccessExpression(factory.createIdentifier("__magic"), method);
    return this.#at(call, factory.createCallExpression(callee, undefined, args));
  }

  #at<T extends ts.Node>({ start, end }: MagicCall, node: T): T {
    return ts.setSourceMapRange(node, { pos: start, end, source: this.#source });
  }
}

/** What can only stand at the top of a module. */
function isOfModule(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) return true;
  if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) return true;
  const modifiers = ts.canHaveModifiers(statement) ? (statement.modifiers ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DeclareKeyword);
}

/** Is there an `await` that is not in a function of its own? */
function awaits(node: ts.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing)
    return true;
  return ts.forEachChild(node, (child) => awaits(child) || undefined) ?? false;
}
