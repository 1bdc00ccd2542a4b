import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { runProgram } from "./child.js";
import { SetupProblem } from "./problem.js";

/** A Python that can make environments. */
export interface Python {
  /** The interpreter's own path (`sys.executable`), not a shim's. */
  readonly file: string;
  /** `3.12.4` */
  readonly version: string;
}

/** A Python that was looked at. */
export interface Candidate extends Python {
  /** What it lacks, in words, if it cannot be used. */
  readonly lacks?: string;
}

/** The Pythons (3.x) that the lock file was made for. */
const pythonMinors = [10, 11, 12, 13, 14] as const;

const wanted = `Python 3.${pythonMinors[0]} to 3.${pythonMinors.at(-1)} with its venv module`;

/** Tells what set-up must know of a Python, as JSON. Debian splits `ensurepip` off into the package python3-venv. */
const question = [
  "import sys, json, struct, importlib.util as find",
  'missing = [name for name in ("venv", "ensurepip", "zipfile", "ssl") if find.find_spec(name) is None]',
  'version = "%d.%d.%d" % sys.version_info[:3]',
  'print(json.dumps({"file": sys.executable, "version": version, "missing": missing, "bits": struct.calcsize("P") * 8}))',
].join("\n");

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds a Python for the private environment: `NABLA_PYTHON` alone if it is set, else the best of what is on the path and of
 * what pyenv, uv and Homebrew keep.
 *
 * @throws SetupProblem when there is none, with the command that installs what is missing.
 */
export async function findPython(env: Environment = process.env): Promise<Python> {
  const seen: Candidate[] = [];
  for (const name of env.NABLA_PYTHON ? [env.NABLA_PYTHON] : await candidateNames(env)) {
    const candidate = await lookAt(name);
    if (candidate === undefined) continue;
    if (candidate.lacks === undefined) return candidate;
    seen.push(candidate);
  }
  throw noPython(seen, env);
}

function noPython(seen: readonly Candidate[], env: Environment): SetupProblem {
  const naming = "or name another one: NABLA_PYTHON=/path/to/python3.";
  const venv = seen.find(({ lacks }) => lacks?.includes("module"));
  if (venv !== undefined) {
    const minor = venv.version.split(".").slice(0, 2).join(".");
    const way = existsSync("/etc/debian_version")
      ? `Install it: sudo apt install python${minor}-venv,`
      : "Install Python's standard library completely (its venv package),";
    return new SetupProblem("Python", wanted, `${venv.file} ${venv.version} ${venv.lacks}`, `${way} ${naming}`);
  }
  const other = seen[0];
  const none = env.NABLA_PYTHON ? `NABLA_PYTHON=${env.NABLA_PYTHON}, which does not run` : "none on the path";
  const got = other === undefined ? none : `only ${other.file} ${other.version}, which ${other.lacks}`;
  return new SetupProblem("Python", wanted, got, `${howToInstall()} ${naming}`);
}

function howToInstall(): string {
  if (process.platform === "darwin") return "Install one: brew install python@3.13,";
  if (process.platform === "win32") return "Install one: winget install Python.Python.3.13,";
  if (existsSync("/etc/debian_version")) return "Install one: sudo apt install python3 python3-venv,";
  return "Install one with your package manager or from https://www.python.org,";
}

/** What a name or path says about itself; undefined if it does not run. */
export async function lookAt(name: string): Promise<Candidate | undefined> {
  const { code, output } = await runProgram(name, ["-I", "-c", question]);
  const line = output.split("\n").find((text) => text.startsWith("{"));
  if (code !== 0 || line === undefined) return undefined;
  const { file, version, missing, bits } = JSON.parse(line) as {
    file: string;
    version: string;
    missing: string[];
    bits: number;
  };
  const lacks = lack(version, missing, bits);
  return lacks === undefined ? { file, version } : { file, version, lacks };
}

function lack(version: string, missing: readonly string[], bits: number): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  if (major !== 3 || !pythonMinors.some((known) => known === minor)) return "is not one of these";
  if (bits !== 64) return "is a 32-bit build";
  if (missing.length > 0) return `has no ${missing.join(", ")} module`;
  return undefined;
}

async function candidateNames(env: Environment): Promise<string[]> {
  const versioned = [...pythonMinors].reverse().map((minor) => `python3.${minor}`);
  const onPath = ["python3", "python", ...versioned].flatMap((name) => onThePath(name, env));
  return [...new Set([...onPath, ...managed(env)])];
}

/** All places of the path that have the program, in order: the first may be a shim for a Python that is not installed. */
function onThePath(name: string, env: Environment): string[] {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, file)).filter((path) => existsSync(path));
}

function managed(env: Environment): string[] {
  const home = env.HOME ?? homedir();
  const uv = env.UV_PYTHON_INSTALL_DIR ?? join(env.XDG_DATA_HOME ?? join(home, ".local/share"), "uv/python");
  const pyenv = join(env.PYENV_ROOT ?? join(home, ".pyenv"), "versions");
  const inside = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .sort()
          .reverse()
          .map((name) => join(folder, name, process.platform === "win32" ? "python.exe" : "bin/python3"))
      : [];
  const fixed = ["/opt/homebrew/bin/python3", "/usr/local/bin/python3", "/usr/bin/python3"];
  return [...inside(uv), ...inside(pyenv), ...fixed].filter((path) => existsSync(path));
}
