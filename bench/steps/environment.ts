import { existsSync } from "node:fs";
import { join } from "node:path";
import { remove, writeWhole } from "../../setup/folder.js";
import { locked } from "../../setup/lock.js";
import { pip, runExplained } from "../../setup/pip.js";
import { findPython } from "../../setup/python.js";
import { cacheFolder } from "../../src/runtime/location.js";

/** The peers, at the versions that this bench was written for. */
const requirements = ["torch==2.13.0", "tensorflow-cpu==2.21.0", "keras==3.15.1", "numpy"];

/** A Python that has PyTorch, TensorFlow and Keras: an environment in the cache, made at the first call. Throws SetupProblem. */
export async function peersPython(): Promise<string> {
  const home = cacheFolder();
  const name = requirements.map((one) => one.replace(/\W+/g, "-")).join("_");
  const folder = join(home, "bench", name);
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "complete");
  if (existsSync(stamp)) return python;
  const base = await findPython();
  return locked(base.file, home, async () => {
    if (existsSync(stamp)) return python;
    const options = { home, what: "PyTorch and Keras, peers of the bench" };
    console.error(`bench: fetching ${requirements.join(", ")} into ${folder} (some GB, once)`);
    remove(folder);
    await runExplained(base.file, ["-m", "venv", folder], options);
    await pip(python, ["install", ...requirements], options);
    writeWhole(stamp, "");
    return python;
  });
}
