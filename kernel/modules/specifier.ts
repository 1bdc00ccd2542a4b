import { builtinModules as allModules } from "node:module";
import { editDistance, nearest } from "../../src/nearest.js";

/** The package that a specifier names: `@scope/name/sub/path` → `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The package in which DefinitelyTyped has the types of another: `@scope/name` → `@types/scope__name`. */
export function typesPackage(name: string): string {
  return `@types/${name.replace(/^@/, "").replace("/", "__")}`;
}

/** Node tells of its inner modules too when it was told to show them. */
const builtinModules = allModules.filter((name) => !name.startsWith("internal/"));

/** Does a specifier name a file, and not a package? */
export function namesFile(specifier: string): boolean {
  return /^(?:\.{0,2}\/|file:|\.{1,2}$)/.test(specifier);
}

/** `node:fs`, `fs`, `node:fs/promises`. */
export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

/** What to do about a module that is not there; empty when there is nothing to say. */
export function adviceFor(specifier: string): string {
  if (namesFile(specifier)) return "";
  if (/^https?:/.test(specifier)) return "Nothing is imported from the network: install its package with %npm install.";
  const foreign = /^(npm|jsr|bun|deno):(.*)$/.exec(specifier);
  if (foreign?.[1] === "npm") return adviceForNpm(foreign[2] ?? "");
  if (foreign) return `Imports come from Node and npm only, not from ${foreign[1]}:.`;
  if (specifier.startsWith("node:")) {
    const guess = nearest(specifier.slice("node:".length), builtinModules);
    return guess ? `Did you mean node:${guess}?` : `${process.version} has no such module.`;
  }
  const name = packageName(specifier);
  if (!/^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i.test(name)) {
    return /\.\w+$/.test(specifier) ? `Files begin with ./: "./${specifier}".` : "";
  }
  const builtin = builtinModules.find((each) => editDistance(each, name) === 1 && !each.startsWith("_"));
  const file = /\.[cm]?[jt]sx?$|\.json$|\.wasm$/.test(specifier) && !specifier.includes("/");
  const otherwise = builtin
    ? ` Or did you mean node:${builtin}?`
    : file
      ? ` A file begins with ./: "./${specifier}".`
      : "";
  return `Run %npm install ${name}.${otherwise}`;
}

/** Deno's `npm:name@version/path`. */
function adviceForNpm(wanted: string): string {
  const [, name = wanted, version = "", path = ""] = /^((?:@[^/@]+\/)?[^/@]+)(@[^/]+)?(\/.*)?$/.exec(wanted) ?? [];
  return `Write "${name}${path}", after %npm install ${name}${version}.`;
}
