import { join } from "node:path";
import { inspectEnvironment, makeEnvironment, type PrivateEnvironment } from "../setup/environment.js";
import { locked } from "../setup/lock.js";
import { findPython } from "../setup/python.js";
import { cacheFolder } from "../src/runtime/location.js";
import { root } from "./root.js";

const lock = join(root, "test", "python", "requirements.lock");

/**
 * The Jupyter clients that only tests use (jupyter_kernel_test, papermill, the console, Notebook 7), in an environment of
 * their own in Nabla's cache. It is made once, from the lock file, by the first test that asks for it.
 */
export async function clientEnvironment(): Promise<PrivateEnvironment> {
  const home = cacheFolder();
  const found = (): PrivateEnvironment | undefined => {
    const environment = inspectEnvironment(home, lock);
    return typeof environment === "string" ? undefined : environment;
  };
  const ready = found();
  if (ready !== undefined) return ready;
  const python = await findPython();
  return locked(python.file, home, async () => found() ?? (await makeEnvironment(home, python, lock)));
}
