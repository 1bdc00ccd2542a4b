import { appendFile, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Entries, type Entry } from "./entries.js";

/** One session's cells. */
export interface Session {
  readonly number: number;
  readonly entries: readonly Entry[];
}

/**
 * The folder of the history: a file of JSON lines for each session, by its number. A kernel appends to its own file only, so
 * any number of kernels may share the folder, and a crash can tear no more than the last line of one.
 */
export interface Store {
  /** This session's number; before its first cell, the one it would get. */
  number(): Promise<number>;
  /** Writes behind what is there; the first text claims a number for this session. Never rejects: it logs, once. */
  append(text: string): void;
  /** Puts a text in place of all that this session has written. */
  replace(text: string): void;
  /** The other sessions, oldest first. */
  others(): Promise<readonly Session[]>;
  /** Resolves when all is written. */
  flush(): Promise<void>;
}

const mostFiles = 200;
const mostBytes = 16 << 20;
/** No file of ours grows beyond that: a cell has at most four bytes a character. */
const largest = 32 << 20;

interface Found {
  readonly number: number;
  readonly path: string;
  readonly size: number;
}

/** A store in a folder, which is made when something is written. */
export function openStore(folder: string, log: (text: string) => void): Store {
  let own: number | undefined;
  let broken = false;
  let last = Promise.resolve();
  const known = new Map<number, { readonly size: number; readonly session: Session }>();
  const pathOf = (number: number): string => join(folder, `${number}.jsonl`);

  const find = async (): Promise<Found[]> => {
    const names = await readdir(folder).catch(() => []);
    const found = names.map(async (name) => {
      const number = Number(/^(\d+)\.jsonl$/.exec(name)?.[1]);
      const path = join(folder, name);
      // It may be gone by now: kernels that start remove the oldest ones.
      const size = Number.isNaN(number) ? undefined : (await stat(path).catch(() => undefined))?.size;
      return size === undefined ? [] : [{ number, path, size }];
    });
    return (await Promise.all(found)).flat().sort((a, b) => a.number - b.number);
  };

  const claim = async (): Promise<number> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await find();
    let bytes = 0;
    for (const [age, { path, size }] of found.reverse().entries()) {
      bytes += size;
      if (age >= mostFiles - 1 || bytes > mostBytes) await unlink(path).catch(() => {});
    }
    for (let number = (found[0]?.number ?? 0) + 1; ; number++) {
      try {
        await writeFile(pathOf(number), "", { flag: "wx", mode: 0o600 });
        return number;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  };

  const enqueue = (work: (path: string) => Promise<void>): void => {
    last = last
      .then(async () => {
        if (broken) return;
        own ??= await claim();
        await work(pathOf(own));
      })
      .catch((error: Error) => {
        broken = true;
        log(`the history is not written any more: ${error.message}`);
      });
  };

  const read = async ({ number, path, size }: Found): Promise<Session> => {
    const cached = known.get(number);
    if (cached?.size === size) return cached.session;
    const text = size > largest ? "" : await readFile(path, "utf8").catch(() => "");
    const session = { number, entries: Entries.parse(text).all };
    known.set(number, { size, session });
    return session;
  };

  return {
    async number() {
      await last;
      return own ?? ((await find()).at(-1)?.number ?? 0) + 1;
    },
    append: (text) => enqueue((path) => appendFile(path, text, { mode: 0o600 })),
    replace: (text) =>
      enqueue(async (path) => {
        await writeFile(`${path}.partial`, text, { mode: 0o600 });
        await rename(`${path}.partial`, path);
      }),
    async others() {
      await last;
      const sessions: Session[] = [];
      for (const file of await find()) if (file.number !== own) sessions.push(await read(file));
      return sessions;
    },
    flush: () => last,
  };
}
