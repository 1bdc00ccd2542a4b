/**
 * One step of the set-up in a process of its own, so that a test can kill it: worker.js environment|runtime LOCK [SPACE].
 * Works in NABLA_HOME. Prints the complaint if there is one.
 */
import { pathToFileURL } from "node:url";
import { makeEnvironment } from "../../setup/environment.js";
import { fetchRuntime, type Source } from "../../setup/libtensorflow.js";
import { locked } from "../../setup/lock.js";
import { SetupProblem } from "../../setup/problem.js";
import { findPython } from "../../setup/python.js";
import { cacheFolder } from "../../src/runtime/location.js";

/** The real patterns, a wheel for any platform. */
export const anywhere: Source = {
  variant: "cpu",
  platforms: ["any"],
  patterns: [String.raw`tensorflow/(libtensorflow_(?:cc|framework)\.so\.2)`],
  space: 0,
};

async function step(kind: string, lock: string, space: number): Promise<void> {
  const python = await findPython();
  await locked(python.file, cacheFolder(), async () => {
    if (kind === "environment") await makeEnvironment(cacheFolder(), python, lock);
    else await fetchRuntime(process.env.TEST_PYTHON ?? python.file, { ...anywhere, space }, lock);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [kind = "", lock = "", space = "0"] = process.argv.slice(2);
  step(kind, lock, Number(space)).catch((error: unknown) => {
    console.error(error instanceof SetupProblem ? error.message : error);
    process.exitCode = 1;
  });
}
