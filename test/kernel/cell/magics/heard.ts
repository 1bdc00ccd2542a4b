import { before } from "node:test";
import { type Host, hostSymbol, type Rendered } from "../../../../src/door.js";
import { Cells, type Ran } from "../../cells.js";

/** What a cell came to, and what it said. */
export interface Heard extends Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly shown: readonly Rendered[];
}

/** A notebook in this process whose output is heard. */
export class HeardCells extends Cells {
  async hear(code: string): Promise<Heard> {
    const written = { stdout: "", stderr: "" };
    const { stdout, stderr } = process;
    const own = { stdout: stdout.write, stderr: stderr.write };
    const take =
      (name: keyof typeof written) =>
      (text: string): boolean => {
        written[name] += text;
        return true;
      };
    stdout.write = take("stdout");
    stderr.write = take("stderr");
    shown.length = 0;
    try {
      return { ...(await this.run(code)), ...written, shown: [...shown] };
    } finally {
      stdout.write = own.stdout;
      stderr.write = own.stderr;
    }
  }
}

const shown: Rendered[] = [];

/** Puts a host into this process that remembers what is displayed. */
export function withHost(): void {
  before(() => {
    const host: Partial<Host> = {
      display: (rendered) => void shown.push(rendered),
      signal: new AbortController().signal,
    };
    Object.defineProperty(globalThis, hostSymbol, { value: host, configurable: true });
  });
}
