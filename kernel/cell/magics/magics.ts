import { host } from "../../../src/door.js";
import { magicOf } from "../../magics.js";
import { npm } from "../npm.js";
import { bash } from "./bash.js";
import { cd, env } from "./environment.js";
import { help } from "./help.js";
import { MagicError } from "./magic-error.js";
import { showText } from "./show.js";
import { Stopwatch } from "./stopwatch.js";
import { timeit } from "./timeit.js";
import { who } from "./who.js";

/** What magics need of the notebook and of the running cell, and what `%reset` changes of them. */
export interface MagicCell {
  readonly scope: Record<string, unknown>;
  /** The notebook's folder. */
  readonly directory: string;
  readonly defined: Set<string>;
  reset: boolean;
  /** Ends what earlier cells left running; gives that in words, or an empty text. */
  clearLeftovers(): string;
}

/** `__magic` of an emitted cell: one for each run. */
export class CellMagics {
  readonly #cell: MagicCell;
  readonly #watches = [new Stopwatch()];

  constructor(cell: MagicCell) {
    this.#cell = cell;
  }

  /** Runs a magic that takes no code. `text`: the rest of the cell, or what the language thread knows. */
  async run(name: string, args: string, text = ""): Promise<void> {
    switch (name) {
      case "bash":
        return bash(args, text);
      case "cd":
        return cd(args);
      case "env":
        return env(args);
      case "help":
        return help(args);
      case "npm":
        return npm(words(args), {
          directory: this.#cell.directory,
          signal: host()?.signal ?? new AbortController().signal,
          write: (output, stream) => void process[stream].write(output),
        });
      case "reset":
        return this.#reset(args);
      case "who":
        return who(args, this.#cell.scope, JSON.parse(text) as Record<string, string>);
      default:
        return showText(name, args, text);
    }
  }

  /** `%time` begins. Without it, the time of a cell runs from its beginning: `%%time`. */
  start(): void {
    this.#watches.push(new Stopwatch());
  }

  /** `%time` ends; its last expression is the value. */
  stop<T>(value?: T): T | undefined {
    this.#watches.pop()?.report(value);
    return value;
  }

  timeit(options: string, body: () => unknown): Promise<void> {
    return timeit(options, body);
  }

  #reset(args: string): void {
    // IPython's -f: do not ask. This one never asks.
    if (args !== "" && args !== "-f") {
      throw new MagicError(
        `%reset: expected nothing behind it, got "${args}". It forgets all names: ${magicOf("reset")?.help}`,
      );
    }
    const { scope, defined } = this.#cell;
    const names = Object.keys(scope);
    const ended = this.#cell.clearLeftovers();
    for (const name of names) delete scope[name];
    defined.clear();
    this.#cell.reset = true;
    console.log(names.length === 0 ? "There were no names to forget." : `Forgot ${names.join(", ")}.`);
    if (ended !== "") console.log(`Ended ${ended} of earlier cells.`);
  }
}

/** Arguments as a shell splits them: at spaces that are not in quotes. */
function words(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(([all, double, single]) => double ?? single ?? all);
}
