import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { spawnLeashed } from "./child.js";
import { fileProblem, SetupProblem } from "./problem.js";
import { bring } from "./root.js";

/**
 * Does something while no other set-up works on the same folder; waits for one that does. The lock is the system's
 * (`flock`), held by a Python that ends with this process: nothing stale is left behind by `kill -9`.
 */
export async function locked<T>(python: string, home: string, work: () => Promise<T>): Promise<T> {
  try {
    mkdirSync(home, { recursive: true });
  } catch (error) {
    throw fileProblem("set-up", home, error);
  }
  const file = join(home, "setup.lock");
  const holder = spawnLeashed(python, [bring("python", "lock.py"), file]);
  try {
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: holder.stdout! }).on("line", (line) => {
        if (line === "held") resolve();
        if (line === "busy") process.stderr.write("Another set-up is at work on the same folder; waiting for it…\n");
      });
      let said = "";
      holder.stderr!.on("data", (chunk: Buffer) => {
        said += chunk;
      });
      holder.once("error", reject);
      holder.once("close", () => {
        const got = said.trim().split("\n").at(-1) || "nothing";
        reject(
          new SetupProblem("set-up", `to lock ${file}`, got, "See that the folder can be written, or set NABLA_HOME."),
        );
      });
    });
    return await work();
  } finally {
    const gone = new Promise((resolve) => holder.once("close", resolve));
    holder.stdin!.end();
    if (holder.exitCode === null && holder.signalCode === null) await gone;
  }
}
