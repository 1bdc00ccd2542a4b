import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { runProgram } from "./child.js";
import { SetupProblem } from "./problem.js";

/** Which Jupyter to install into. */
export type Target =
  | { readonly kind: "user" }
  | { readonly kind: "sys-prefix" }
  | { readonly kind: "prefix"; readonly folder: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** The Jupyter data folder of a target, by the rules of jupyter_core's `jupyter_data_dir` and `ENV_JUPYTER_PATH`. */
export async function jupyterDataFolder(target: Target, env: Environment = process.env): Promise<string> {
  if (target.kind === "user") return userDataFolder(process.platform, env);
  const prefix = target.kind === "prefix" ? resolve(target.folder) : await sysPrefix(env);
  return join(prefix, "share", "jupyter");
}

/** The user's own Jupyter data folder on a platform. */
function userDataFolder(platform: NodeJS.Platform, env: Environment): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const home = env.HOME ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? join(home, "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** `sys.prefix` of the active environment's Python, else of the first one on the path. */
async function sysPrefix(env: Environment): Promise<string> {
  for (const name of ["python3", "python"]) {
    const { code, output } = await runProgram(name, ["-c", "import sys; print(sys.prefix)"], { env: { ...env } });
    if (code === 0) return output.trim();
  }
  const hint = "Activate the environment that Jupyter is in, or give its folder: npx nabla install --prefix DIR.";
  throw new SetupProblem("install --sys-prefix", "a Python on the path", "none", hint);
}
