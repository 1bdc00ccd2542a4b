import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearest } from "../src/nearest.js";
import { demo } from "./demo.js";
import { doctor } from "./doctor.js";
import { ensureAll } from "./ensure.js";
import { install, uninstall } from "./install.js";
import { start } from "./jupyter.js";
import type { Target } from "./jupyter-data.js";
import { SetupProblem } from "./problem.js";

type Values = Readonly<Record<string, string | boolean | undefined>>;

interface Command {
  readonly usage: string;
  readonly does: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** What the words after the options are called, if there may be any. */
  readonly words?: string;
  run(values: Values, words: readonly string[]): Promise<number>;
}

const flag = { type: "boolean" } as const;
const text = { type: "string" } as const;
const targets = { user: flag, "sys-prefix": flag, prefix: text };

const commands: Readonly<Record<string, Command>> = {
  start: {
    usage: "start [--no-browser] [--port N] [--ip ADDRESS] [--dir FOLDER] [--verbose] [-- JUPYTERLAB-OPTIONS]",
    does: "sets up what is missing, then starts JupyterLab on notebooks/",
    options: { "no-browser": flag, port: text, ip: text, dir: text, verbose: flag, "allow-root": flag },
    words: "JUPYTERLAB-OPTIONS",
    run: (values, rest) =>
      start({
        browser: values["no-browser"] !== true,
        verbose: values.verbose === true,
        rest: values["allow-root"] ? ["--allow-root", ...rest] : rest,
        ...given(values, "port", "ip", "dir"),
      }),
  },
  setup: {
    usage: "setup [--cpu | --cuda]",
    does: "fetches JupyterLab and TensorFlow's libraries, starts nothing",
    options: { cpu: flag, cuda: flag },
    async run(values) {
      if (values.cpu && values.cuda) throw usageProblem("setup", "one of --cpu, --cuda", "both");
      const environment = await ensureAll(values.cuda ? "cuda" : values.cpu ? "cpu" : undefined);
      console.log(`Everything is there. JupyterLab is in ${environment.folder}; npm start starts it.`);
      return 0;
    },
  },
  install: {
    usage: "install --user | --sys-prefix | --prefix DIR",
    does: "puts kernel and extension into a Jupyter that you have",
    options: targets,
    run: (values) => install(targetOf("install", values)),
  },
  uninstall: {
    usage: "uninstall --user | --sys-prefix | --prefix DIR",
    does: "takes them out again",
    options: targets,
    run: (values) => uninstall(targetOf("uninstall", values)),
  },
  doctor: {
    usage: "doctor [--json]",
    does: "says what is there, what is not, and the command that mends it",
    options: { json: flag },
    run: (values) => doctor(values.json === true),
  },
  demo: {
    usage: "demo [NOTEBOOK]",
    does: "executes notebooks/00-quickstart.ipynb headless into out/, as notebook and as HTML",
    options: {},
    words: "NOTEBOOK",
    run: (_, words) => demo(words[0]),
  },
  help: {
    usage: "help",
    does: "prints this",
    options: {},
    async run() {
      console.log(help());
      return 0;
    },
  },
};

/** Runs the `nabla` command line; returns the exit code. Problems of the user's machine are printed, not thrown. */
export async function main(argv: readonly string[]): Promise<number> {
  // What we start works in other folders than this one.
  for (const name of ["NABLA_HOME", "NABLA_LIBTENSORFLOW"]) {
    const path = process.env[name];
    if (path) process.env[name] = resolve(path);
  }
  try {
    return await dispatch(argv);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    console.error(`nabla: ${error.message}`);
    return 1;
  }
}

async function dispatch([name = "help", ...args]: readonly string[]): Promise<number> {
  const asked = name === "--help" || name === "-h" ? "help" : name;
  const command = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (command === undefined) throw unknown("command", name, Object.keys(commands));
  if (args.includes("--help") || args.includes("-h")) {
    console.log(`nabla ${command.usage}\n  ${command.does}`);
    return 0;
  }
  const { values, positionals } = parse(asked, command, args);
  return command.run(values, positionals);
}

function parse(name: string, command: Command, args: readonly string[]): { values: Values; positionals: string[] } {
  const config = {
    args: [...args],
    options: command.options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  } as const;
  const { values, positionals, tokens } = parseArgs(config);
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const known = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    const options = Object.keys(command.options).map((option) => `--${option}`);
    if (known === undefined) throw unknown(`${name} option`, token.rawName, options);
    if (known.type === "string" && !token.value) throw usageProblem(name, `a value after ${token.rawName}`, "none");
    if (known.type === "boolean" && token.value !== undefined) {
      throw usageProblem(name, `${token.rawName} without a value`, token.value);
    }
  }
  if (positionals.length > 0 && command.words === undefined) {
    throw usageProblem(name, "options only", positionals.join(" "));
  }
  return { values: values as Values, positionals };
}

function targetOf(name: string, values: Values): Target {
  const chosen = ["user", "sys-prefix", "prefix"].filter((option) => values[option] !== undefined);
  if (chosen.length !== 1) {
    const got = chosen.length === 0 ? "none" : chosen.map((option) => `--${option}`).join(" and ");
    throw usageProblem(name, "one of --user, --sys-prefix, --prefix DIR", got);
  }
  if (typeof values.prefix === "string") return { kind: "prefix", folder: values.prefix };
  return { kind: values.user ? "user" : "sys-prefix" };
}

function given<K extends string>(values: Values, ...names: K[]): Partial<Record<K, string>> {
  const found = names.filter((name) => typeof values[name] === "string");
  return Object.fromEntries(found.map((name) => [name, values[name]])) as Partial<Record<K, string>>;
}

function unknown(what: string, word: string, known: readonly string[]): SetupProblem {
  const guess = nearest(word, known);
  const hint = guess === undefined ? "`npx nabla help` lists them all." : `Did you mean ${guess}?`;
  return new SetupProblem(what, known.length > 0 ? known.join(", ") : "none", word, hint);
}

function usageProblem(name: string, expected: string, got: string): SetupProblem {
  return new SetupProblem(name, expected, got, `Usage: nabla ${commands[name]?.usage ?? name}`);
}

function help(): string {
  const lines = Object.values(commands).map(({ usage, does }) => `  nabla ${usage}\n      ${does}`);
  const settings = [
    "  NABLA_HOME            where downloads and the Python environment are kept (else ~/.cache/nabla)",
    "  NABLA_PYTHON          the Python to make the environment with",
    "  NABLA_LIBTENSORFLOW   a folder with TensorFlow's libraries and a manifest, instead of the fetched one",
    "  PIP_INDEX_URL, HTTPS_PROXY, PIP_CERT …   pip's own settings: mirrors, proxies, certificates",
  ];
  return `Nabla: TypeScript notebooks with deep learning.\n\n${lines.join("\n")}\n\nSettings\n${settings.join("\n")}`;
}
