import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** How a peer is started. */
export interface PeerSpec {
  /** How tables call it. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Also runs whole fits. */
  readonly fits: boolean;
}

interface Reply {
  readonly value?: unknown;
  readonly error?: string;
}

/** Nothing that is measured lasts longer, in milliseconds. */
const patience = 1_800_000;

/** A process that computes when it is asked to, and only then. */
export class Peer {
  readonly #child: ChildProcess;
  readonly #replies: AsyncIterator<string>;
  #said = "";

  constructor(readonly spec: PeerSpec) {
    const [file, ...args] = spec.argv;
    const child = spawn(file, args, {
      env: { ...process.env, ...spec.env },
      stdio: ["pipe", "ignore", "pipe", "pipe"],
    });
    child.on("error", (error) => {
      this.#said += String(error);
    });
    child.stdin?.on("error", () => {});
    child.stderr?.on("data", (data) => {
      this.#said = (this.#said + data).slice(-4000);
    });
    this.#child = child;
    this.#replies = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  }

  /** Throws Error with the peer's own words. */
  async ask<T>(what: string, options: object = {}): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify({ do: what, ...options })}\n`);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    const { value: line } = await this.#replies.next();
    clearTimeout(timer);
    const reply: Reply = line === undefined ? { error: `it ended. ${this.#said}` } : JSON.parse(line);
    if (reply.error === undefined) return reply.value as T;
    throw new Error(`bench: ${this.spec.name} could not ${what} ${JSON.stringify(options)}: ${reply.error}`);
  }

  /** Lets it end, and waits for that. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin?.end();
    await gone;
  }
}
