/**
 * Where TensorFlow's shared libraries lie on disk. Imports only Node, because set-up uses it before anything is installed.
 *
 * `libtensorflow/<version>-<cpu|cuda>-<platform>-<arch>/` holds the libraries and `manifest.json`, which set-up writes last:
 * a folder without it, or with files of other sizes, is half made and never trusted.
 */
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The TensorFlow release that this version of Nabla is built and tested against. */
export const tensorflowVersion = "2.21.0";

export type Variant = "cpu" | "cuda";

/** `manifest.json` of a runtime folder. */
export interface Manifest {
  readonly version: string;
  readonly variant: Variant;
  /** `process.platform`-`process.arch`, e.g. `linux-x64`. */
  readonly platform: string;
  /** Size in bytes of each file, by its name relative to the folder. */
  readonly files: Readonly<Record<string, number>>;
}

/** A complete runtime. */
export interface Runtime {
  readonly folder: string;
  readonly manifest: Manifest;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The name of the manifest inside a runtime folder. */
export const manifestName = "manifest.json";

/** The platform part of a runtime folder's name and of its manifest. */
export const platformName = `${process.platform}-${process.arch}`;

/** Nabla's own folder: `NABLA_HOME`, else `$XDG_CACHE_HOME/nabla`, else `~/.cache/nabla`. */
export function cacheFolder(env: Environment = process.env): string {
  return env.NABLA_HOME || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "nabla");
}

/** The folder in which a runtime of that variant belongs, whether it is there or not. */
export function runtimeFolder(variant: Variant, env: Environment = process.env): string {
  return join(cacheFolder(env), "libtensorflow", `${tensorflowVersion}-${variant}-${platformName}`);
}

/** The folders that are looked at, best first. `NABLA_LIBTENSORFLOW` names the only one. */
export function candidateFolders(env: Environment = process.env): readonly string[] {
  if (env.NABLA_LIBTENSORFLOW) return [env.NABLA_LIBTENSORFLOW];
  return [runtimeFolder("cuda", env), runtimeFolder("cpu", env)];
}

/** What is wrong with a runtime folder, in a few words, or its manifest when it can be trusted. */
export function inspectRuntime(folder: string): Manifest | string {
  let text: string;
  try {
    text = readFileSync(join(folder, manifestName), "utf8");
  } catch {
    return `${folder} has no ${manifestName}`;
  }
  const manifest = parseManifest(text);
  if (manifest === undefined) return `${join(folder, manifestName)} is not a manifest`;
  if (manifest.platform !== platformName) return `${folder} is for ${manifest.platform}, this is ${platformName}`;
  for (const [name, size] of Object.entries(manifest.files)) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
    if (found !== size) return `${join(folder, name)} has ${found ?? "no"} bytes instead of ${size}`;
  }
  return manifest;
}

/** The first complete runtime among {@link candidateFolders}, or undefined. */
export function findRuntime(env: Environment = process.env): Runtime | undefined {
  for (const folder of candidateFolders(env)) {
    const manifest = inspectRuntime(folder);
    if (typeof manifest !== "string") return { folder, manifest };
  }
  return undefined;
}

function parseManifest(text: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { version, variant, platform, files } = value as Record<string, unknown>;
  if (typeof version !== "string" || typeof platform !== "string") return undefined;
  if (variant !== "cpu" && variant !== "cuda") return undefined;
  if (typeof files !== "object" || files === null || Object.keys(files).length === 0) return undefined;
  return { version, variant, platform, files: files as Record<string, number> };
}
