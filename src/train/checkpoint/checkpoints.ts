/** The checkpoints of a folder: which there are, which is the newest good one, which may go. */
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FileError, type NablaError } from "../../errors.js";
import { assertPath } from "../../files/arguments.js";
import { isWanted, refused, uniqueSuffix } from "../../files/write-whole.js";
import { manifestName, readCheckpoint, readState } from "./checkpoint-folder.js";
import type { Snapshot } from "./snapshot.js";

/** A checkpoint of a run. */
export interface Checkpoint {
  /** Its folder. `weights.safetensors` in it is a file for `train.load`. */
  readonly path: string;
  /** When the run began (UTC), and chance: all checkpoints of a run have it in common. */
  readonly run: string;
  /** Steps that the run had made. */
  readonly step: number;
}

interface Named extends Checkpoint {
  /** Which of those with the same step. */
  readonly attempt: number;
}

/** Where the checkpoint of a run after so many steps lies. */
export function checkpointPath(directory: string, run: string, step: number): string {
  return join(directory, `${run}-step-${String(step).padStart(10, "0")}`);
}

/**
 * The checkpoints in a folder, newest first: those of the run that began last, from its last step down. None where there is no
 * such folder. Those whose manifest is torn are left out. Throws FileError where the folder cannot be read.
 */
export async function checkpoints(directory: string): Promise<readonly Checkpoint[]> {
  assertPath("checkpoints", directory, "folder");
  const good: Checkpoint[] = [];
  for (const { path, run, step } of await named("checkpoints", directory)) {
    const state = await readState("checkpoints", path).catch(() => undefined);
    if (state !== undefined) good.push({ path, run, step });
  }
  return good;
}

/**
 * The newest checkpoint of a folder that is whole and unchanged, or the one whose folder it is. Says which it passed over. Throws
 * FileError when there is none.
 */
export async function readNewest(what: string, from: string): Promise<{ path: string; snapshot: Snapshot }> {
  assertPath(what, from, "folder");
  if (await isThere(join(from, manifestName))) return { path: from, snapshot: await readCheckpoint(what, from) };
  const all = await named(what, from);
  const bad: NablaError[] = [];
  for (const { path } of all) {
    try {
      const snapshot = await readCheckpoint(what, path);
      for (const { message } of bad) console.warn(`${message} An older checkpoint is taken: ${basename(path)}.`);
      return { path, snapshot };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      bad.push(error);
    }
  }
  throw new FileError({
    what,
    expected: `a checkpoint in ${from}`,
    got:
      bad.length === 0
        ? "none"
        : `${bad.length} that cannot be used. The newest: ${bad[0]!.message.replace(/\.$/, "")}`,
    hint: "Begin with train.fit(net, data, { …, checkpoint: { directory } }).",
  });
}

/** Removes checkpoints of the run that `path` is the newest of, but for `keep`. Those of later steps, and of others, stay. */
export async function prune(path: string, run: string, keep: number): Promise<void> {
  const own = (await named("fit: checkpoint", dirname(path))).filter((one) => one.run === run);
  const newest = own.findIndex((one) => one.path === path);
  if (newest < 0) return;
  for (const old of own.slice(newest + keep)) {
    // Under another name first, so that a kill leaves no half of one that counts.
    const gone = join(dirname(old.path), `.${basename(old.path)}.${uniqueSuffix()}`);
    await rename(old.path, gone).then(
      () => rm(gone, { recursive: true, force: true }),
      () => {},
    );
  }
}

/** Removes what killed processes left half written or half removed of a run. */
export async function removeLeftovers(directory: string, run: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const [, owner] = /^\.(.+)-step-[\d-]+\.\d+-[0-9a-f]+-\d+\.tmp$/.exec(name) ?? [];
    if (owner !== run || isWanted(name)) continue;
    await rm(join(directory, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** All that are named as checkpoints, newest first. */
async function named(what: string, directory: string): Promise<readonly Named[]> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw refused(what, directory, cause);
  }
  const found: Named[] = [];
  for (const name of names) {
    const [, run, step, attempt = "1"] = /^(\d{8}-\d{6}-[0-9a-f]{6})-step-(\d{10,})(?:-(\d+))?$/.exec(name) ?? [];
    if (run !== undefined) {
      found.push({ path: join(directory, name), run, step: Number(step), attempt: Number(attempt) });
    }
  }
  return found.sort((a, b) => (a.run < b.run ? 1 : a.run > b.run ? -1 : 0) || b.step - a.step || b.attempt - a.attempt);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
