import ts = require("typescript");

/** The names by which a cell's JavaScript speaks to the kernel. They end in `$` where the user has such names himself. */
export interface Words {
  readonly scope: string;
  readonly load: string;
  readonly defined: string;
  readonly thrown: string;
  readonly held: string;
  /** What the cell must begin with. */
  readonly prologue: string;
}

/** Words that nothing in a text can shadow. */
export function wordsFor(js: string): Words {
  let suffix = "";
  while (new RegExp(`\\b__(?:scope|import|defined|thrown|held)${suffix.replaceAll("$", "\\$")}(?![\\w$])`).test(js))
    suffix += "$";
  const words = ["scope", "import", "defined", "thrown"].map((word) => `__${word}`);
  const [scope, load, defined, thrown] = words.map((word) => word + suffix) as [string, string, string, string];
  const prologue = suffix ? `const ${words.map((word) => `${word}${suffix} = ${word}`).join(", ")}; ` : "";
  return { scope, load, defined, thrown, held: `__held${suffix}`, prologue };
}

/** `__defined("a", "b")` */
export function definedCall(names: readonly string[], words: Words): string {
  return `${words.defined}(${names.map((name) => JSON.stringify(name)).join(", ")})`;
}

/**
 * The JavaScript that stands for an `import` or an `export … from`: it loads the module and puts its names into the scope.
 *
 * @param own the names that the cell declares; others (JSX's `_jsx`) are TypeScript's and stay in the cell
 * @param module a name that is free for the module
 */
export function loadText(
  statement: ts.ImportDeclaration | ts.ExportDeclaration,
  own: ReadonlySet<string>,
  module: string,
  words: Words,
): string {
  const loaded = `await ${words.load}(${JSON.stringify((statement.moduleSpecifier as ts.StringLiteral).text)}); `;
  const pick = (name: string): string => `${words.load}.pick(${module}, ${JSON.stringify(name)})`;
  const take = (name: string, value: string): string =>
    own.has(name) ? `${words.scope}.${name} = ${value}; ${definedCall([name], words)}; ` : `const ${name} = ${value}; `;
  const bind = (name: string, from: string): string => {
    if (!own.has(name)) return take(name, pick(from));
    const names = `${JSON.stringify(name)}, ${module}, ${JSON.stringify(from)}`;
    return `${words.load}.bind(${words.scope}, ${names}); ${definedCall([name], words)}; `;
  };
  const elements = (list: ts.NodeArray<ts.ImportSpecifier | ts.ExportSpecifier>): string[] =>
    list
      .filter(({ name }) => name.text !== "default")
      .map(({ name, propertyName }) => bind(name.text, (propertyName ?? name).text));
  const texts: string[] = [];
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    if (!clause) texts.push(star(own, module, words));
    else if (ts.isNamespaceExport(clause)) texts.push(take(clause.name.text, module));
    else texts.push(...elements(clause.elements));
  } else {
    const clause = statement.importClause;
    if (!clause) return loaded;
    if (clause.name) texts.push(take(clause.name.text, pick("default")));
    const bindings = clause.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) texts.push(take(bindings.name.text, module));
    else if (bindings) texts.push(...elements(bindings.elements));
  }
  return `const ${module} = ${loaded}${texts.join("")}`;
}

/** What the cell declares itself goes before what `export *` brings (ECMA-262, 16.2.1.7.2). */
function star(own: ReadonlySet<string>, module: string, words: Words): string {
  const kept = JSON.stringify(["default", ...own]);
  const each = `${words.scope}[name] = ${module}[name]; ${words.defined}(name);`;
  return `for (const name of Object.keys(${module})) if (!${kept}.includes(name)) { ${each} } `;
}
