import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cloneShare } from "../../setup/ensure.js";
import type { PrivateEnvironment } from "../../setup/environment.js";
import { installedKernel } from "../../setup/kernelspec.js";
import { pip } from "../../setup/pip.js";
import { cacheFolder } from "../../src/runtime/location.js";

/** A kernel as `kernels.py` starts it. */
export interface KernelSpec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly python?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const denoVersion = "2.9.8";

/** This clone's kernel, then the peers: tslab of node_modules, Deno from its PyPI wheel, ipykernel of the private environment. */
export async function kernelSpecs(environment: PrivateEnvironment): Promise<KernelSpec[]> {
  const ours = installedKernel(cloneShare);
  if (ours === undefined)
    throw new Error(`bench: expected a kernelspec in ${cloneShare}, got none. Run npx nabla setup.`);
  const tslab = join(createRequire(import.meta.url).resolve("tslab/package.json"), "../bin/tslab");
  const deno = await denoBinary(environment);
  return [
    { name: "nabla", argv: ours.argv, env: ours.env },
    { name: "tslab", argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"] },
    { name: "deno", argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"] },
    {
      name: "ipykernel",
      argv: [environment.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
      python: true,
    },
  ];
}

async function denoBinary(environment: PrivateEnvironment): Promise<string> {
  const folder = join(cacheFolder(), "bench", `deno-${denoVersion}`);
  const binary = join(folder, "bin", "deno");
  if (!existsSync(binary)) {
    const options = { home: cacheFolder(), what: "Deno, a peer of the bench" };
    await pip(environment.python, ["install", "--no-deps", "--target", folder, `deno==${denoVersion}`], options);
  }
  return binary;
}
