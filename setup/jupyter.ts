import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder } from "../src/runtime/location.js";
import { spawnLeashed } from "./child.js";
import { cloneShare, ensureAll } from "./ensure.js";
import { SetupProblem } from "./problem.js";
import { root } from "./root.js";

export interface StartOptions {
  readonly browser: boolean;
  readonly port?: string;
  readonly ip?: string;
  /** The folder JupyterLab shows; `notebooks/` if left out. */
  readonly dir?: string;
  /** Show all that JupyterLab logs. */
  readonly verbose: boolean;
  /** Options of JupyterLab's own, passed on. */
  readonly rest: readonly string[];
}

/** Sees to it that everything is there, starts JupyterLab, prints its URL and stays until it ends; returns its exit code. */
export async function start(options: StartOptions): Promise<number> {
  const folder = resolve(options.dir ?? join(root, "notebooks"));
  if (!existsSync(folder)) {
    throw new SetupProblem("start", `a folder at ${folder}`, "none", "Give another one: npm start -- --dir FOLDER.");
  }
  const environment = await ensureAll();
  const server = spawnLeashed(environment.python, ["-m", "jupyterlab", ...labArguments(folder, options)], {
    env: jupyterEnvironment(),
    cwd: folder,
    detached: true,
  });
  const release = forwardSignals(server);
  const last: string[] = [];
  let ready = false;
  createInterface({ input: server.stdout! }).on("line", (line) => console.log(line));
  const shows = options.verbose ? () => true : worthShowing();
  createInterface({ input: server.stderr! }).on("line", (line) => {
    if (last.push(line) > 20) last.shift();
    if (shows(line)) console.error(line);
    const url = /https?:\/\/\S+\/lab\S*/.exec(line)?.[0];
    if (ready || url === undefined) return;
    ready = true;
    console.log(`\nJupyterLab is ready: ${url}\nCtrl-C stops it.\n`);
  });
  const code = await new Promise<number>((done) => {
    server.once("close", (status, signal) => done(status ?? (signal === "SIGTERM" ? 0 : 1)));
  });
  release();
  if (ready || code === 0) return code;
  throw new SetupProblem(
    "start",
    "JupyterLab to start",
    `exit code ${code}:\n${last.join("\n")}\n`,
    "Try `npx nabla doctor`.",
  );
}

/** JupyterLab's settings until the user changes them: it must not ask whether it may call home. */
const defaultSettings = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};

/** The environment of what we start: the user's, but none of their Jupyter's settings and extensions. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const own = join(cacheFolder(), "jupyter");
  for (const name of ["config/labconfig", "data", "runtime"]) mkdirSync(join(own, name), { recursive: true });
  writeFileSync(join(own, "config/labconfig/default_setting_overrides.json"), JSON.stringify(defaultSettings));
  return {
    ...process.env,
    JUPYTER_PATH: [cloneShare, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter),
    JUPYTER_CONFIG_DIR: join(own, "config"),
    JUPYTER_DATA_DIR: join(own, "data"),
    JUPYTER_RUNTIME_DIR: join(own, "runtime"),
  };
}

function labArguments(folder: string, { browser, port, ip, rest }: StartOptions): string[] {
  const args = [`--ServerApp.root_dir=${folder}`, "--LabApp.news_url=None", "--LabApp.extension_manager=readonly"];
  args.push("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate");
  if (!browser) args.push("--no-browser");
  if (port !== undefined) args.push(`--ServerApp.port=${port}`);
  if (ip !== undefined) args.push(`--ServerApp.ip=${ip}`);
  // In a container one is root, and JupyterLab listens on this machine only unless --ip says otherwise.
  if (process.getuid?.() === 0) args.push("--allow-root");
  return [...args, ...rest];
}

/** What of JupyterLab's log is for the user: warnings, errors and what kernels print, not the news of its start. */
function worthShowing(): (line: string) => boolean {
  let level = "";
  return (line) => {
    level = /^\[([A-Z]) /.exec(line)?.[1] ?? (line.startsWith(" ") ? level : "");
    return level === "" || level === "W" || level === "E";
  };
}

/**
 * The first signal asks JupyterLab to stop its kernels and go, the second kills it. It has a process group of its own, so
 * that Ctrl-C in the terminal does not reach it twice.
 */
function forwardSignals(server: ChildProcess): () => void {
  let asked = false;
  const forward = (): void => {
    server.kill(asked ? "SIGKILL" : "SIGTERM");
    if (!asked) console.error("\nStopping JupyterLab and its kernels…");
    asked = true;
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, forward);
  const watch = process.env.npm_lifecycle_event === undefined ? undefined : whenOrphaned(forward);
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, forward);
  };
}

/** npm passes SIGTERM on to its shell, which dies of it without telling us: then we have another parent. */
function whenOrphaned(act: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    act();
  }, 500);
  return watch;
}
