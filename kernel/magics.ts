/** The magics: what they are called and what they do. Language and cells both read this table; it imports nothing. */

/** What a magic makes of what stands behind its name: its arguments, TypeScript on the same line, or the rest of the cell. */
export type Takes = "arguments" | "code" | "text";

/** One magic: its forms, and what the help says of it. */
export interface Magic {
  readonly name: string;
  /** Other names for it. */
  readonly aliases?: readonly string[];
  /** What `%name` takes; absent where only `%%name` exists. */
  readonly line?: Exclude<Takes, "text">;
  /** What `%%name` takes of the rest of the cell; absent where only `%name` exists. */
  readonly cell?: Exclude<Takes, "arguments">;
  /** Words with which its arguments begin. */
  readonly words?: readonly string[];
  /** How to write it, one form a line. */
  readonly usage: readonly string[];
  /** What it does, in a sentence or two. */
  readonly help: string;
}

/** All magics, in the order of the help. */
export const magics: readonly Magic[] = [
  {
    name: "time",
    line: "code",
    cell: "code",
    usage: ["%time f(x)", "%%time"],
    help: "Runs code once and says how long it took. Names that it declares are kept, and a last expression is shown.",
  },
  {
    name: "timeit",
    line: "code",
    cell: "code",
    usage: ["%timeit f(x)", "%timeit -n 1000 -r 7 f(x)", "%%timeit"],
    help: "Measures code: 7 runs (-r) of as many loops as fill a fifth of a second (-n). A promise is awaited in every loop. Names that the code declares are its own.",
  },
  {
    name: "who",
    line: "arguments",
    usage: ["%who", "%who re"],
    help: "Lists the notebook's names with their types and values; with a word, those that contain it.",
  },
  {
    name: "reset",
    line: "arguments",
    usage: ["%reset"],
    help: "Forgets all names of the notebook, values and types, without asking, and ends timers and listeners of the process that cells set up. Imported modules stay loaded.",
  },
  {
    name: "env",
    line: "arguments",
    usage: ["%env", "%env NAME", "%env NAME=value"],
    help: "Shows the environment (secrets hidden), or one variable, or sets one for this kernel and what it starts.",
  },
  {
    name: "cd",
    line: "arguments",
    usage: ["%cd folder", "%cd ~", "%cd -"],
    help: "Changes the working directory of files and processes. Imports go on resolving from the notebook's folder.",
  },
  {
    name: "npm",
    line: "arguments",
    words: ["install", "uninstall", "update", "ls", "outdated", "view", "run"],
    usage: ["%npm install NAME", "%npm uninstall NAME", "%npm ls"],
    help: "Runs npm in the notebook's folder. What it installs can be imported by the next cell. Scripts of packages do not run unless --ignore-scripts=false is given.",
  },
  {
    name: "bash",
    cell: "text",
    usage: ["%%bash"],
    help: "Runs the cell in bash. Its output appears as it comes, Stop ends all that it started, and an exit code other than 0 is an error. It can read no input.",
  },
  {
    name: "html",
    cell: "text",
    usage: ["%%html"],
    help: "Shows the cell as HTML.",
  },
  {
    name: "js",
    aliases: ["javascript"],
    cell: "text",
    usage: ["%%js"],
    help: "Runs the cell as JavaScript in the browser (where the notebook is trusted), not in the kernel.",
  },
  {
    name: "markdown",
    cell: "text",
    usage: ["%%markdown"],
    help: "Shows the cell as Markdown.",
  },
  {
    name: "help",
    aliases: ["magic", "lsmagic"],
    line: "arguments",
    usage: ["%help", "%help timeit", "%timeit?"],
    help: "Lists the magics, or explains one.",
  },
];

/** The magic of that name or alias. */
export function magicOf(name: string): Magic | undefined {
  return magics.find((magic) => magic.name === name || magic.aliases?.includes(name));
}

/** What IPython takes behind one `%`, and other words that mean a shell. */
export const shellWords: ReadonlySet<string> = new Set([
  "ls",
  "pwd",
  "cat",
  "cp",
  "mv",
  "rm",
  "mkdir",
  "rmdir",
  "man",
  "pip",
  "conda",
  "git",
  "sh",
  "sx",
  "system",
]);

/** How to give a command to a shell: by the magic of its name, or with `%%bash`. */
export function shellAdvice(command: string): string {
  const [word = ""] = command.trim().split(/\s/);
  return magicOf(word)?.line === "arguments"
    ? `Write %${command.trim()}.`
    : `Write %%bash in the first line of a cell, and ${command.trim()} below it.`;
}
