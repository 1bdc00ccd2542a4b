import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeOptions } from "../kernel/node-options.js";
import { replaceFolder, writeWhole } from "./folder.js";
import { bring, root } from "./root.js";

/** The name by which notebooks and `jupyter` call the kernel. */
export const kernelName = "nabla";

/** `kernel.json` (jupyter_client, "Kernel specs"). */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message";
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

/**
 * How a Jupyter starts this clone's kernel with this Node, under its supervisor. A moved cache is remembered, because the
 * Jupyter that starts the kernel may not know of it.
 */
function kernelSpec(home = process.env.NABLA_HOME): KernelSpec {
  const kernel = [process.execPath, ...nodeOptions, join(root, "dist/kernel/main.js")];
  const supervisor = process.platform === "win32" ? [] : ["/bin/sh", join(root, "kernel/supervisor.sh")];
  return {
    argv: [...supervisor, ...kernel, "{connection_file}"],
    display_name: "TypeScript (Nabla)",
    language: "typescript",
    interrupt_mode: "message",
    env: home ? { NABLA_HOME: home } : {},
    metadata: { debugger: true },
  };
}

/** Where a Jupyter data folder (`…/share/jupyter`) keeps the kernel. */
export function kernelFolder(share: string): string {
  return join(share, "kernels", kernelName);
}

/** The kernelspec that is installed in a Jupyter data folder, if one is. */
export function installedKernel(share: string): KernelSpec | undefined {
  try {
    return JSON.parse(readFileSync(join(kernelFolder(share), "kernel.json"), "utf8")) as KernelSpec;
  } catch {
    return undefined;
  }
}

/** True if that kernelspec starts this clone with this Node and is complete. */
export function isKernelCurrent(share: string): boolean {
  const present = logos.every((name) => existsSync(join(kernelFolder(share), name)));
  return present && JSON.stringify(installedKernel(share)) === JSON.stringify(kernelSpec());
}

/** Puts the kernelspec and its logos into a Jupyter data folder; returns the folder it wrote. */
export async function installKernel(share: string): Promise<string> {
  await replaceFolder(kernelFolder(share), (partial) => {
    for (const name of logos) copyFileSync(bring("resources", "kernelspec", name), join(partial, name));
    writeWhole(join(partial, "kernel.json"), `${JSON.stringify(kernelSpec(), undefined, 2)}\n`);
  });
  return kernelFolder(share);
}
