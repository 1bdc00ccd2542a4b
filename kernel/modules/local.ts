import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { nearest } from "../../src/nearest.js";

/** What lies at a path that was imported. */
export type Found =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string }
  /** `near`: a file that may have been meant, as it would be written in the place of the path's last part. */
  | { readonly kind: "nothing"; readonly near?: string };

/** What stands in for a JavaScript file that TypeScript would write: TypeScript's own order ("File extension substitution"). */
const substitutes: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".js", ".jsx"],
  ".jsx": [".tsx", ".jsx"],
  ".mjs": [".mts", ".mjs"],
  ".cjs": [".cts", ".cjs"],
};
const extensions = [".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs", ".json", ".wasm"];

/**
 * Finds the file that an import of a path means, as TypeScript's `bundler` resolution does: `x.js` may be `x.ts`, an
 * extension may be missing, a folder stands for its `package.json`'s `main` or its `index`. Links are followed.
 */
export function findLocal(path: string): Found {
  const file = asFile(path) ?? asFolder(path);
  if (file !== undefined) return { kind: "file", path: realpathSync(file) };
  if (kindOf(path) === "folder") return { kind: "folder", path };
  const near = nearby(path);
  return near === undefined ? { kind: "nothing" } : { kind: "nothing", near };
}

function asFile(path: string): string | undefined {
  if (/[/\\]$/.test(path)) return undefined;
  const extension = extname(path);
  const bare = path.slice(0, path.length - extension.length);
  const candidates = [
    ...(substitutes[extension] ?? []).map((other) => bare + other),
    path,
    ...extensions.map((other) => path + other),
  ];
  return candidates.find((candidate) => kindOf(candidate) === "file");
}

function asFolder(path: string): string | undefined {
  if (kindOf(path) !== "folder") return undefined;
  const main = mainOf(path);
  const named = main === undefined ? undefined : (asFile(join(path, main)) ?? asFile(join(path, main, "index")));
  return named ?? asFile(join(path, "index"));
}

function mainOf(folder: string): string | undefined {
  try {
    const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { main?: unknown };
    return typeof main === "string" ? main : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(path: string): "file" | "folder" | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) return "file";
    return stat?.isDirectory() ? "folder" : undefined;
  } catch {
    // A circle of links, a folder that may not be read.
    return undefined;
  }
}

function nearby(path: string): string | undefined {
  try {
    const names = readdirSync(dirname(path)).filter((name) => !name.startsWith(".") && name !== "node_modules");
    const written = basename(path);
    if (extname(written) !== "") return nearest(written, names);
    const bare = new Map(names.map((name) => [name.replace(/\.[^.]*$/, ""), name]));
    const guess = nearest(written, [...bare.keys()]);
    return guess === undefined ? undefined : bare.get(guess);
  } catch {
    return undefined;
  }
}

/** Says what lies at a path that an import names and that no file stands for: `got …`. `specifier`: how it was written. */
export function whatIsThere(specifier: string, path: string): string {
  const found = findLocal(path);
  if (found.kind === "file") return `got a ${extname(found.path) || "nameless"} file`;
  if (found.kind === "folder") {
    return `got a folder without an index file. Name a file in it: "${specifier.replace(/\/$/, "")}/…".`;
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return `got a link that leads nowhere, ${path}.`;
  const near = found.near === undefined ? "" : ` Did you mean "${specifier.replace(/[^/]*$/, "")}${found.near}"?`;
  return `got nothing at ${path}.${near}`;
}
