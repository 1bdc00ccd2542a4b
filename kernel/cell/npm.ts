import { spawn } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { nearest } from "../../src/nearest.js";

/** Where npm works, and who hears of it. */
export interface NpmOptions {
  /** The notebook's folder. npm works there (`--prefix`) and never climbs to a `package.json` above it. */
  readonly directory: string;
  /** Ends npm when it aborts; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Takes what npm prints, as it comes. */
  write(text: string, stream: "stdout" | "stderr"): void;
}

/** npm could not do what it was asked for, and why. */
export class NpmError extends Error {
  override name = "NpmError";
}

/** A package as `node_modules/.package-lock.json` lists it. */
interface Installed {
  readonly version?: string;
  readonly hasInstallScript?: boolean;
}

/** Commands that change `node_modules`, and would run the scripts of packages. */
const changing = "install i in add uninstall un remove rm r update up ci dedupe prune".split(" ");
const others = "ls list ll outdated view info show search explain why audit rebuild run config root".split(" ");
/** Quiet, and soon sure that nobody answers: npm's own tries take a minute. */
const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--no-progress", "--color=false"];
const soon = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"];

/**
 * Runs npm beside the notebook: `npm(["install", "left-pad@1"], …)`. What it installs can be imported at once. Scripts of
 * packages are not run unless `--ignore-scripts=false` is among the arguments; who wanted to run one is said.
 *
 * @throws {NpmError} with one line that says what is wrong, instead of npm's log
 */
export async function npm(args: readonly string[], options: NpmOptions): Promise<void> {
  const { directory, signal, write } = options;
  const command = checked(args);
  signal.throwIfAborted();
  const scripts = args.some((arg) => /^--(no-)?ignore-scripts\b/.test(arg));
  const flags = ["--prefix", directory, ...quiet, ...soon];
  if (changing.includes(command) && !scripts) flags.push("--ignore-scripts");
  // Whoever asks for a rebuild asks for the scripts, whatever the user's npmrc says about installs.
  if (command === "rebuild" && !scripts) flags.push("--ignore-scripts=false");
  const before = installed(directory);
  const { status, problems } = await run([...args, ...flags], options);
  signal.throwIfAborted();
  if (status !== 0) throw explain(args, status, problems);
  if (changing.includes(command) && !scripts) {
    const note = scriptsNotRun(before, installed(directory));
    if (note) write(`${note}\n`, "stderr");
  }
}

/** The command among the arguments. */
function checked(args: readonly string[]): string {
  const command = args.find((arg) => !arg.startsWith("-"));
  if (command === undefined) {
    throw new NpmError("%npm: expected a command, got none. Try %npm install NAME, %npm uninstall NAME or %npm ls.");
  }
  const known = [...changing, ...others];
  if (!known.includes(command)) {
    const guess = nearest(command, known);
    const way = guess ? `Did you mean ${guess}?` : "Use a terminal for others.";
    throw new NpmError(`%npm: expected install, uninstall, ls, update, view or the like, got ${command}. ${way}`);
  }
  const everywhere = args.find((arg) => /^(-g|--global|--location=global)$/.test(arg));
  if (everywhere !== undefined) {
    const way = "Packages go beside the notebook; use a terminal for global ones.";
    throw new NpmError(`%npm ${command}: expected a package for this notebook, got ${everywhere}. ${way}`);
  }
  return command;
}

/** npm's standard error without its log: the lines that tell what went wrong are kept apart. */
interface Ended {
  readonly status: number | NodeJS.Signals;
  readonly problems: readonly string[];
}

function run(args: readonly string[], { directory, signal, write }: NpmOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what npm starts ends with it.
    const child = spawn(process.execPath, [findNpm(), ...args], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const problems: string[] = [];
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => write(text, "stdout"));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    });
    const take = (line: string): void => {
      const problem = /^npm (?:error|ERR!) ?(.*)$/.exec(line);
      if (problem) problems.push(problem[1] ?? "");
      else write(`${line}\n`, "stderr");
    };
    signal.addEventListener("abort", end, { once: true });
    process.once("exit", end);
    const done = (): void => {
      signal.removeEventListener("abort", end);
      process.off("exit", end);
    };
    child.on("error", (error) => {
      done();
      reject(new NpmError(`npm: could not be started: ${error.message}`, { cause: error }));
    });
    child.on("close", (code, by) => {
      done();
      if (rest) take(rest);
      resolve({ status: code ?? by ?? "SIGKILL", problems });
    });
  });
}

/** The script of npm: beside this Node, else the one in the PATH. */
function findNpm(): string {
  const node = dirname(process.execPath);
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    join(node, "../lib/node_modules/npm/bin/npm-cli.js"),
    join(node, "node_modules/npm/bin/npm-cli.js"),
    ...path.map((folder) => join(folder, "npm")),
  ];
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) {
    throw new NpmError(`npm: expected it beside ${process.execPath} or in the PATH, got nothing. It comes with Node.`);
  }
  return realpathSync(found);
}

function installed(directory: string): Readonly<Record<string, Installed>> {
  try {
    const text = readFileSync(join(directory, "node_modules/.package-lock.json"), "utf8");
    return (JSON.parse(text) as { packages?: Record<string, Installed> }).packages ?? {};
  } catch {
    return {};
  }
}

function scriptsNotRun(before: Readonly<Record<string, Installed>>, after: typeof before): string | undefined {
  const names = Object.entries(after)
    .filter(([path, { hasInstallScript, version }]) => hasInstallScript && before[path]?.version !== version)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));
  if (names.length === 0) return undefined;
  const [scripts, them] = names.length === 1 ? ["script", "it"] : ["scripts", "them"];
  const way = `If you trust ${them} and need ${them}: %npm rebuild ${names.join(" ")}`;
  return `Not run: the install ${scripts} of ${names.join(", ")}. ${way}`;
}

const unreachable = /^(ENOTFOUND|ECONN\w+|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)$/;

function explain(args: readonly string[], status: Ended["status"], problems: readonly string[]): NpmError {
  const what = `%npm ${args.join(" ")}`;
  const code = problems.map((line) => /^code (\S+)/.exec(line)?.[1]).find((found) => found !== undefined) ?? "";
  const wanted = problems.map((line) => /'([^']+)' (?:could not be found|is not in)/.exec(line)?.[1]).find(Boolean);
  if (code === "E404") {
    const name = wanted?.replace(/@\*$/, "") ?? "that";
    return new NpmError(
      `${what}: expected a package of the registry, got ${name}, which it does not have. Is it misspelt?`,
    );
  }
  if (code === "ETARGET") {
    const wish = problems.map((line) => /No matching version found for (\S+?)\.?$/.exec(line)?.[1]).find(Boolean);
    const name = wish?.replace(/(?<=.)@[^@]*$/, "") ?? "NAME";
    return new NpmError(`${what}: expected a published version, got ${wish}. %npm view ${name} versions lists them.`);
  }
  if (unreachable.test(code)) {
    const advice = "Is this machine online? What is in npm's cache installs with --offline.";
    return new NpmError(`${what}: expected an answer of the registry, got none (${code}). ${advice}`);
  }
  const told = problems
    .filter((line) => line.trim() !== "" && !/^(code|errno|syscall|path|dest) |^ {4}at |A complete log/.test(line))
    .slice(0, 12);
  const text = told.length > 0 ? told.join("\n") : `it ended with ${status}`;
  return new NpmError(`${what}: ${code ? `${code}: ` : ""}${text}`);
}
