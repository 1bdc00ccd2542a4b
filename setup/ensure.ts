import { join } from "node:path";
import { cacheFolder, findRuntime, inspectRuntime, runtimeFolder, type Variant } from "../src/runtime/location.js";
import { inspectEnvironment, makeEnvironment, type PrivateEnvironment } from "./environment.js";
import { installKernel, isKernelCurrent } from "./kernelspec.js";
import { buildExtension, installExtension, isExtensionCurrent } from "./labextension.js";
import { fetchRuntime, sourceFor } from "./libtensorflow.js";
import { locked } from "./lock.js";
import { fileProblem, SetupProblem } from "./problem.js";
import { findPython, type Python } from "./python.js";
import { root } from "./root.js";

/**
 * Sees to it that everything is there: the private Python environment, TensorFlow's libraries, and in that environment the
 * kernel and the extension. What is there and complete is left alone, without starting a single Python.
 *
 * @param variant which TensorFlow is wanted; without it any that is there will do, else the CPU's is fetched.
 * @throws SetupProblem
 */
export async function ensureAll(variant?: Variant): Promise<PrivateEnvironment> {
  const home = cacheFolder();
  await buildExtension();
  const ready = inspectEnvironment(home);
  if (typeof ready !== "string" && hasRuntime(variant) && isInstalled(ready)) return ready;
  const python = await findPython();
  return interruptibly(() => setUp(home, python, variant));
}

function setUp(home: string, python: Python, variant: Variant | undefined): Promise<PrivateEnvironment> {
  return locked(python.file, home, async () => {
    const found = inspectEnvironment(home);
    const environment = typeof found === "string" ? await makeEnvironment(home, python) : found;
    if (!hasRuntime(variant)) await ensureRuntime(environment, variant ?? "cpu");
    for (const share of [shareOf(environment), cloneShare]) await installInto(share);
    return environment;
  });
}

/** Does something that may be interrupted at any moment, and then says that nothing is lost. */
async function interruptibly<T>(work: () => Promise<T>): Promise<T> {
  const stop = (signal: NodeJS.Signals): void => {
    console.error("\nInterrupted. Run the same command again: it goes on where it stopped.");
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work();
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** The Jupyter data folder inside an environment. */
export function shareOf(environment: PrivateEnvironment): string {
  return join(environment.folder, "share", "jupyter");
}

/**
 * The clone's own Jupyter data folder, first on JUPYTER_PATH of what we start: clones that share a cache share its
 * environment, and the kernel in there belongs to whichever came last.
 */
export const cloneShare = join(root, "dist", "share", "jupyter");

/** True if kernel and extension of this clone are installed in the environment. */
function isInstalled(environment: PrivateEnvironment): boolean {
  return [shareOf(environment), cloneShare].every((share) => isKernelCurrent(share) && isExtensionCurrent(share));
}

/** True if TensorFlow is there as wanted. Where there is none to be had, every start says so anew. */
function hasRuntime(variant: Variant | undefined): boolean {
  if (variant !== undefined) return typeof inspectRuntime(runtimeFolder(variant)) !== "string";
  return findRuntime() !== undefined;
}

async function ensureRuntime(environment: PrivateEnvironment, variant: Variant): Promise<void> {
  const source = sourceFor(variant);
  if (typeof source !== "string") {
    await fetchRuntime(environment.python, source);
    return;
  }
  if (variant === "cuda") {
    throw new SetupProblem("setup --cuda", "Linux on x86-64 with glibc", source, "Use `npx nabla setup --cpu`.");
  }
  console.error(`\nNO NATIVE TENSORFLOW: ${source}.`);
  console.error(
    "Nabla falls back to TensorFlow.js's own backends (WASM, else JavaScript): training is many times slower,",
  );
  console.error("and what needs TensorFlow itself does not work. `npx nabla doctor` says what is in use.\n");
}

async function installInto(share: string): Promise<void> {
  try {
    if (!isKernelCurrent(share)) await installKernel(share);
    if (!isExtensionCurrent(share)) await installExtension(share);
  } catch (error) {
    throw fileProblem("kernel and extension", share, error);
  }
}
