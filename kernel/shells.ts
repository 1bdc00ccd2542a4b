import { randomUUID } from "node:crypto";
import type { Json, Message } from "./wire/message.js";

/** Requests that wait for their turn, and the one that has it. */
interface Shell<Job> {
  readonly queue: Job[];
  running?: Message;
}

/** The main shell and its subshells (JEP 91): requests of one run in order, those of different ones beside each other. */
export interface Shells<Job> {
  /** A new subshell's id. */
  create(): string;
  /** Aborts what waits there; what runs comes to its end. False when there is no such subshell. */
  delete(id: string): boolean;
  list(): string[];
  has(id: string): boolean;
  /** Puts a request behind those of its shell; without an id it is the main one. */
  queue(job: Job, id?: string): void;
  /** Aborts what waits, in all of them. */
  abort(): void;
  /** A request that runs: the main shell's, else a subshell's. */
  running(): Message | undefined;
}

/** What shells ask of the session. */
export interface ShellParts<Job> {
  /** Answers a request; resolves to the content of the reply once that is sent. */
  serve(job: Job): Promise<Json | undefined>;
  /** Answers a request that will not run. */
  abort(job: Job): void;
}

/** Does a reply with that content end what waits behind its request? (Jupyter messaging protocol, "stop_on_error".) */
export function stops({ content: { silent, stop_on_error } }: Message, reply: Json | undefined): boolean {
  return reply?.status === "error" && silent !== true && stop_on_error !== false;
}

/** The main shell, and no subshell yet. */
export function createShells<Job extends { readonly request: Message }>(parts: ShellParts<Job>): Shells<Job> {
  const main: Shell<Job> = { queue: [] };
  const subshells = new Map<string, Shell<Job>>();
  const all = (): Shell<Job>[] => [main, ...subshells.values()];

  const abort = (shell: Shell<Job>): void => {
    for (const job of shell.queue.splice(0)) parts.abort(job);
  };

  const work = async (shell: Shell<Job>): Promise<void> => {
    while (shell.running === undefined) {
      const job = shell.queue.shift();
      if (job === undefined) return;
      shell.running = job.request;
      const content = await parts.serve(job);
      delete shell.running;
      if (stops(job.request, content)) abort(shell);
    }
  };

  return {
    create() {
      const id = randomUUID();
      subshells.set(id, { queue: [] });
      return id;
    },
    delete(id) {
      const shell = subshells.get(id);
      if (shell !== undefined) abort(shell);
      return subshells.delete(id);
    },
    list: () => [...subshells.keys()],
    has: (id) => subshells.has(id),
    queue(job, id) {
      const shell = (id === undefined ? undefined : subshells.get(id)) ?? main;
      shell.queue.push(job);
      void work(shell);
    },
    abort: () => all().forEach(abort),
    running: () => all().find(({ running }) => running !== undefined)?.running,
  };
}
