import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { remove, writeWhole } from "./folder.js";
import { downloadSize, type PipOptions, pip, runExplained } from "./pip.js";
import { fileProblem } from "./problem.js";
import { progress, size } from "./progress.js";
import type { Python } from "./python.js";
import { bring } from "./root.js";

/** The private Python environment: JupyterLab, nbclient, nbconvert as the lock file pins them, and nothing of the user's. */
export interface PrivateEnvironment {
  /** `sys.prefix` */
  readonly folder: string;
  /** Its interpreter. */
  readonly python: string;
}

/** Written last. An environment without it, or whose Python is gone or another one by now, is not trusted. */
interface Stamp {
  /** SHA-256 of the lock file. */
  readonly lock: string;
  /** The interpreter behind the environment's, with all links followed. */
  readonly interpreter: string;
  readonly version: string;
}

/** The lock file of the private environment. */
const requirementsLock = bring("locks", "requirements.lock");

const stampName = "nabla.json";

/** Where the environment of a lock file belongs, whether it is there or not. */
export function environmentAt(home: string, lock = requirementsLock): PrivateEnvironment {
  const folder = join(home, "python", lockHash(lock).slice(0, 12));
  const python = process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  return { folder, python };
}

/** The environment of a lock file if it is complete, else what is wrong with it, in a few words. */
export function inspectEnvironment(home: string, lock = requirementsLock): PrivateEnvironment | string {
  const environment = environmentAt(home, lock);
  let stamp: Stamp;
  try {
    stamp = JSON.parse(readFileSync(join(environment.folder, stampName), "utf8")) as Stamp;
  } catch {
    return `${environment.folder} is not there or half made`;
  }
  if (stamp.lock !== lockHash(lock)) return `${environment.folder} was made from another lock file`;
  if (interpreterOf(environment) !== stamp.interpreter)
    return `its Python ${stamp.version} is gone from ${stamp.interpreter}`;
  return environment;
}

/** Makes the environment anew, from nothing, and stamps it. */
export async function makeEnvironment(
  home: string,
  base: Python,
  lock = requirementsLock,
): Promise<PrivateEnvironment> {
  const environment = environmentAt(home, lock);
  const options = { home, what: "Python environment" };
  try {
    remove(environment.folder);
    await runExplained(base.file, ["-m", "venv", "--without-pip", environment.folder], options);
    await runExplained(environment.python, ["-m", "ensurepip"], options);
    await installPackages(environment, lock, options);
    const stamp: Stamp = { lock: lockHash(lock), interpreter: interpreterOf(environment) ?? "", version: base.version };
    writeWhole(join(environment.folder, stampName), `${JSON.stringify(stamp)}\n`);
  } catch (error) {
    throw fileProblem(options.what, home, error);
  }
  return environment;
}

async function installPackages(environment: PrivateEnvironment, lock: string, options: PipOptions): Promise<void> {
  const started = Date.now();
  const shown = progress("JupyterLab", "count");
  let total = entries(lock).length;
  let seen = 0;
  let bytes = 0;
  const onLine = (line: string): void => {
    if (line.startsWith("Ignoring ")) total--;
    if (line.startsWith("Collecting ")) seen++;
    bytes += downloadSize(line);
    const note = /^Installing collected/.test(line) ? "installing" : (/^Collecting ([^=\s]+)/.exec(line)?.[1] ?? "");
    if (note !== "") shown.at(seen, total, `packages, ${size(bytes)} · ${note}`);
  };
  const args = ["install", "--require-hashes", "--only-binary=:all:", "--no-warn-script-location"];
  try {
    await pip(environment.python, [...args, "--progress-bar", "off", "-r", lock], { ...options, onLine });
  } catch (error) {
    shown.failed();
    throw error;
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  shown.done(`${seen} packages, ${size(bytes)} fetched, in ${environment.folder} (${seconds} s)`);
}

/** The names of the packages in a lock file. */
function entries(lock: string): string[] {
  return [...readFileSync(lock, "utf8").matchAll(/^([\w.-]+)==/gm)].map((match) => match[1]!);
}

function interpreterOf(environment: PrivateEnvironment): string | undefined {
  try {
    return realpathSync(environment.python);
  } catch {
    return undefined;
  }
}

function lockHash(lock: string): string {
  return createHash("sha256").update(readFileSync(lock)).digest("hex");
}
