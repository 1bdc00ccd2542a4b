import ts = require("typescript");

import { isUsing } from "./references.js";

const { factory } = ts;

/** The name under which a cell's JavaScript holds what is to be disposed, before words of its own are chosen. */
export const hold = "__nabla_hold";

/**
 * Turns `using x = open()` at the top of a cell into `const x = __nabla_hold(open())`, so that TypeScript does not wrap the whole
 * module: the rewriting knows what to do with it. Inner ones are TypeScript's.
 */
export const usingTransformer: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
  if (!file.statements.some(isUsingStatement)) return file;
  const statements = file.statements.map((statement) => (isUsingStatement(statement) ? held(statement) : statement));
  return factory.updateSourceFile(file, statements);
};

function isUsingStatement(statement: ts.Statement): statement is ts.VariableStatement {
  return ts.isVariableStatement(statement) && isUsing(statement.declarationList);
}

function held(statement: ts.VariableStatement): ts.VariableStatement {
  const { declarationList: list } = statement;
  const isAsync = (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing;
  const declarations = list.declarations.map((declaration) => {
    const { name, initializer } = declaration;
    if (!initializer) return declaration;
    const args = isAsync ? [initializer, factory.createTrue()] : [initializer];
    const call = ts.setTextRange(
      factory.createCallExpression(factory.createIdentifier(hold), undefined, args),
      initializer,
    );
    return factory.updateVariableDeclaration(declaration, name, undefined, undefined, call);
  });
  const constants = ts.setTextRange(factory.createVariableDeclarationList(declarations, ts.NodeFlags.Const), list);
  return factory.updateVariableStatement(statement, undefined, constants);
}
