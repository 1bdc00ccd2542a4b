import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./child.js";
import { replaceFolder } from "./folder.js";
import { SetupProblem } from "./problem.js";
import { root } from "./root.js";

/** The name of the JupyterLab extension that draws Nabla's figures. */
const extensionName = "nabla-figures";

const built = join(root, "dist", "labextension");

/** Builds the extension into `dist/labextension` if it is not up to date. */
export async function buildExtension(): Promise<void> {
  const { code, output } = await runProgram(process.execPath, [join(root, "labextension", "build.mjs")]);
  if (code === 0) return;
  const last = output.trim().split("\n").slice(-5).join("\n");
  throw new SetupProblem("JupyterLab extension", "to build it", last, "Run `npm ci`, then the same command again.");
}

/** Where a Jupyter data folder (`…/share/jupyter`) keeps the extension. */
export function extensionFolder(share: string): string {
  return join(share, "labextensions", extensionName);
}

/** True if the built extension lies in that Jupyter data folder, file by file. */
export function isExtensionCurrent(share: string): boolean {
  const target = extensionFolder(share);
  if (!existsSync(built) || !existsSync(target)) return false;
  const [ours, theirs] = [files(built), files(target)];
  return (
    ours.length > 0 &&
    ours.join() === theirs.join() &&
    ours.every((name) => readFileSync(join(built, name)).equals(readFileSync(join(target, name))))
  );
}

/** Copies the built extension into a Jupyter data folder; returns the folder it wrote. */
export async function installExtension(share: string): Promise<string> {
  await replaceFolder(extensionFolder(share), (partial) => cpSync(built, partial, { recursive: true }));
  return extensionFolder(share);
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length))
    .sort();
}
