import { existsSync } from "node:fs";
import { findRuntime } from "../src/runtime/location.js";
import { remove } from "./folder.js";
import { jupyterDataFolder, type Target } from "./jupyter-data.js";
import { installKernel, kernelFolder } from "./kernelspec.js";
import { buildExtension, extensionFolder, installExtension } from "./labextension.js";
import { fileProblem } from "./problem.js";

/** Puts kernel and extension into a Jupyter that exists already, and says what it wrote. */
export async function install(target: Target): Promise<number> {
  const share = await jupyterDataFolder(target);
  try {
    await buildExtension();
    console.log(`kernel     ${await installKernel(share)}`);
    console.log(`extension  ${await installExtension(share)}`);
  } catch (error) {
    throw fileProblem("install", share, error);
  }
  if (findRuntime() === undefined) {
    console.log("TensorFlow's libraries are not there yet: run `npx nabla setup --cpu`, or models will be very slow.");
  }
  console.log("Reload the JupyterLab page; notebooks find the kernel as “TypeScript (Nabla)”.");
  return 0;
}

/** Takes both out again. */
export async function uninstall(target: Target): Promise<number> {
  const share = await jupyterDataFolder(target);
  for (const folder of [kernelFolder(share), extensionFolder(share)]) {
    const found = existsSync(folder);
    try {
      remove(folder);
    } catch (error) {
      throw fileProblem("uninstall", folder, error);
    }
    console.log(found ? `removed    ${folder}` : `not there  ${folder}`);
  }
  return 0;
}
