import { mkdirSync, readdirSync, statfsSync } from "node:fs";
import { basename, join } from "node:path";
import {
  cacheFolder,
  inspectRuntime,
  type Manifest,
  manifestName,
  platformName,
  runtimeFolder,
  tensorflowVersion,
  type Variant,
} from "../src/runtime/location.js";
import { runPython } from "./child.js";
import { remove, replaceFolder, writeWhole } from "./folder.js";
import { pip, rawProgress } from "./pip.js";
import { elsewhere, fileProblem, SetupProblem } from "./problem.js";
import { type Progress, progress, size } from "./progress.js";
import { bring } from "./root.js";

/** How TensorFlow's shared libraries are taken out of its wheels on one platform. */
export interface Source {
  readonly variant: Variant;
  /** pip's names of the platform, best first. */
  readonly platforms: readonly string[];
  /** Which files of the wheels are kept; the group is the name in the runtime folder. */
  readonly patterns: readonly string[];
  /** Free bytes needed at most: the wheels twice (pip copies them) and what is unpacked. */
  readonly space: number;
}

const libraries = {
  linux: String.raw`tensorflow/(libtensorflow_(?:cc|framework)\.so\.2)`,
  darwin: String.raw`tensorflow/(libtensorflow_(?:cc|framework)\.2\.dylib)`,
};

/** CUDA's libraries keep their folders: they find each other from there. ptxas and libdevice are what XLA compiles with. */
const cudaLibraries = [
  String.raw`(nvidia/\w+/lib/[^/]+\.so[.\d]*)`,
  "(nvidia/cuda_nvcc/bin/(?:ptxas|nvlink|fatbinary))",
  "(nvidia/cuda_nvcc/nvvm/libdevice/[^/]+)",
];

/** CUDA's wheels are built for older systems than TensorFlow's, each for another one; pip takes names literally. */
const oldManylinux = Array.from({ length: 23 }, (_, older) => `manylinux_2_${27 - older}_x86_64`);

const cpu = (platform: string, pattern: string): Source => ({
  variant: "cpu",
  platforms: [platform],
  patterns: [pattern],
  space: 1.5e9,
});

const sources: Readonly<Record<string, Source>> = {
  "cpu-linux-x64": cpu("manylinux_2_27_x86_64", libraries.linux),
  "cpu-linux-arm64": cpu("manylinux_2_27_aarch64", libraries.linux),
  "cpu-darwin-arm64": cpu("macosx_12_0_arm64", libraries.darwin),
  "cuda-linux-x64": {
    variant: "cuda",
    platforms: [...oldManylinux, "manylinux2014_x86_64"],
    patterns: [libraries.linux, ...cudaLibraries],
    space: 13e9,
  },
};

/** The source for this machine, or why there is none. glibc is what the Linux wheels need; Alpine has musl instead. */
export function sourceFor(variant: Variant, platform = platformName, musl = isMusl()): Source | string {
  const source = sources[`${variant}-${platform}`];
  if (source === undefined) return `TensorFlow ${tensorflowVersion} has no ${variant} build for ${platform}`;
  return musl ? "TensorFlow needs glibc, and this system has musl" : source;
}

function isMusl(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return process.platform === "linux" && report?.header?.glibcVersionRuntime === undefined;
}

/**
 * Fetches the pinned wheels with pip and puts their libraries into the runtime folder, the manifest last: the folder is
 * complete or not there. Wheels that arrived stay until then, so that an interrupted set-up goes on.
 */
export async function fetchRuntime(python: string, source: Source, lock?: string): Promise<Manifest> {
  const home = cacheFolder();
  const downloads = join(home, "downloads", basename(runtimeFolder(source.variant)));
  try {
    mkdirSync(downloads, { recursive: true });
    checkSpace(home, source.space);
    const wheels = await download(
      python,
      source,
      downloads,
      lock ?? bring("locks", `tensorflow-${source.variant}.lock`),
    );
    const manifest = await replaceFolder(runtimeFolder(source.variant), (partial) =>
      unpack(python, source, wheels, partial),
    );
    remove(downloads);
    return manifest;
  } catch (error) {
    throw fileProblem("TensorFlow", home, error);
  }
}

/** Says early that the disk is too small, instead of after a long download. */
function checkSpace(home: string, needed: number): void {
  const { blocks, bavail, bsize } = statfsSync(home);
  const free = bavail * bsize;
  // Some file systems do not tell.
  if (free >= needed || blocks === 0) return;
  throw new SetupProblem("TensorFlow", `${size(needed)} free in ${home}`, size(free), elsewhere);
}

async function download(python: string, source: Source, folder: string, lock: string): Promise<string[]> {
  const shown = progress(`TensorFlow ${tensorflowVersion} (${source.variant})`);
  let bytes = 0;
  let note = "";
  const onLine = (line: string): void => {
    note = /^\s*Downloading (\S+)/.exec(line)?.[1]?.split("/").at(-1) ?? note;
    const at = rawProgress(line);
    if (!at) return;
    shown.at(at[0], at[1], note);
    if (at[0] === at[1]) bytes += at[1];
  };
  // The wheel cache would keep the same bytes a second time.
  const how = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--progress-bar", "raw", "--require-hashes"];
  const which = ["--python-version", "3.12", "--implementation", "cp", "-r", lock];
  const platforms = source.platforms.flatMap((platform) => ["--platform", platform]);
  await finishing(shown, () =>
    pip(python, ["download", ...how, ...which, ...platforms, "--dest", folder], {
      home: cacheFolder(),
      what: "TensorFlow",
      onLine,
    }),
  );
  shown.done(bytes > 0 ? `${size(bytes)} fetched` : "already fetched");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".whl"))
    .map((name) => join(folder, name));
}

async function unpack(python: string, source: Source, wheels: readonly string[], folder: string): Promise<Manifest> {
  const shown = progress("Unpacking TensorFlow");
  let files: Record<string, number> = {};
  const onLine = (line: string): void => {
    const at = rawProgress(line);
    if (at) shown.at(at[0], at[1]);
    if (line.startsWith("Files ")) files = JSON.parse(line.slice(6)) as Record<string, number>;
  };
  const args = [bring("python", "extract.py"), folder, ...source.patterns, "--", ...wheels];
  await finishing(shown, async () => {
    const { code, output } = await runPython(python, args, { onLine });
    if (code !== 0) throw unpackProblem(output);
  });
  const total = Object.values(files).reduce((sum, bytes) => sum + bytes, 0);
  const manifest: Manifest = { version: tensorflowVersion, variant: source.variant, platform: platformName, files };
  writeWhole(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const checked = inspectRuntime(folder);
  if (typeof checked === "string")
    throw new SetupProblem("TensorFlow", "complete libraries", checked, "Run `npx nabla setup` again.");
  shown.done(`${Object.keys(files).length} files, ${size(total)}, in ${runtimeFolder(source.variant)}`);
  return manifest;
}

function unpackProblem(output: string): SetupProblem {
  const full = /No space left|Errno 28|quota/i.test(output);
  const last = output.trim().split("\n").at(-1) ?? "";
  return new SetupProblem(
    "TensorFlow",
    "to unpack its libraries",
    full ? "a full disk" : last,
    full ? elsewhere : "Run `npx nabla setup` again.",
  );
}

async function finishing<T>(shown: Progress, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    shown.failed();
    throw error;
  }
}
