/** One checkpoint on the disk: a folder of two safetensors files and a JSON file that vouches for them and for itself. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FileError } from "../../errors.js";
import { encodeSafetensors, readSafetensors } from "../../files/safetensors.js";
import { sealed } from "../../files/seal.js";
import { refused, syncFolder, uniqueSuffix, type Written, writeSynced } from "../../files/write-whole.js";
import type { SavedState, Snapshot } from "./snapshot.js";

/** The file that makes a folder a checkpoint; the last one written. */
export const manifestName = "checkpoint.json";

const format = "nabla checkpoint";
/** A number more where an older Nabla would misread. */
const version = 1;

/** The manifest. `sha256` is that of `content` as JSON.stringify writes it. */
interface Manifest {
  readonly format: string;
  readonly version: number;
  readonly sha256: string;
  readonly content: Content;
}

interface Content {
  readonly state: SavedState;
  readonly weights: Written;
  readonly training: Written;
}

const weightsName = "weights.safetensors";
const trainingName = "training.safetensors";

/**
 * Writes a checkpoint beside its place and moves it there when all of it is on the disk: `path`, or `path-2`, … where there is one
 * already. Nobody's checkpoint is touched. Throws FileError; then no checkpoint was made.
 */
export async function writeCheckpoint(path: string, { weights, training, state }: Snapshot): Promise<string> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${uniqueSuffix()}`);
  try {
    await makeFolder(directory);
    await mkdir(temporary);
    // As `save` would write it, so that `load` can read it.
    const ours = { arrays: weights, metadata: {} };
    const content = {
      state,
      weights: await writeSynced(join(temporary, weightsName), encodeSafetensors(weights, await sealed(ours))),
      training: await writeSynced(join(temporary, trainingName), encodeSafetensors(training)),
    };
    const text = encodeJson(content);
    const manifest = `{"format":"${format}","version":${version},"sha256":"${sha256(text)}","content":${text}}\n`;
    await writeSynced(join(temporary, manifestName), [Buffer.from(manifest)]);
    await syncFolder(temporary);
    const place = await moveTo(temporary, path);
    await syncFolder(directory);
    return place;
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw refused("fit: checkpoint", path, cause, "Earlier checkpoints, the weights and the history are as they were.");
  }
}

/** What the manifest of a checkpoint says. Throws FileError where it is none, or was changed. */
export async function readState(what: string, path: string): Promise<SavedState> {
  return (await readManifest(what, path)).state;
}

/** Reads a checkpoint and checks all of it. Throws FileError where it is none, torn, changed or from a later Nabla. */
export async function readCheckpoint(what: string, path: string): Promise<Snapshot> {
  const { state, ...files } = await readManifest(what, path);
  const weights = await readSafetensors(what, join(path, weightsName), files.weights);
  const training = await readSafetensors(what, join(path, trainingName), files.training);
  return { state, weights: weights.arrays, training: training.arrays };
}

async function readManifest(what: string, path: string): Promise<Content> {
  const file = join(path, manifestName);
  const complain = (expected: string, got: string) => new FileError({ what, expected: `${expected} in ${file}`, got });
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw refused(what, file, cause);
  }
  const manifest = parse(text);
  if (manifest?.format !== format)
    throw complain(`a manifest of "${format}"`, text === "" ? "an empty file" : "another file");
  if (manifest.version !== version) {
    const hint = "A later Nabla may have made it.";
    throw new FileError({ what, expected: `version ${version} of ${file}`, got: String(manifest.version), hint });
  }
  const got = sha256(JSON.stringify(manifest.content));
  if (got !== manifest.sha256) throw complain(`a content with SHA-256 ${manifest.sha256}`, `another (${got})`);
  return decodeJson(manifest.content) as Content;
}

function parse(text: string): Partial<Manifest> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Moves a folder to a place of its own: a folder that is there already stays. */
async function moveTo(temporary: string, path: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const place = attempt === 1 ? path : `${path}-${attempt}`;
    try {
      await rename(temporary, place);
      return place;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw cause;
    }
  }
}

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Numbers that JSON has no words for, as texts that nothing else is. */
const words = new Map<string, number>([
  ["∇NaN", Number.NaN],
  ["∇Infinity", Number.POSITIVE_INFINITY],
  ["∇-Infinity", Number.NEGATIVE_INFINITY],
  ["∇-0", -0],
]);

/** As JSON.stringify writes what JSON.parse makes of it, so that a reader finds the same text. */
function encodeJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "number" || (Number.isFinite(part) && !Object.is(part, -0))) return part;
    return Object.is(part, -0) ? "∇-0" : `∇${part}`;
  });
  return JSON.stringify(JSON.parse(text));
}

function decodeJson(value: unknown): unknown {
  if (typeof value === "string") return words.get(value) ?? value;
  if (Array.isArray(value)) return value.map(decodeJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decodeJson(part)]));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
