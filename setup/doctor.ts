import { existsSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheFolder, candidateFolders, findRuntime, inspectRuntime, platformName } from "../src/runtime/location.js";
import { runProgram } from "./child.js";
import { cloneShare, shareOf } from "./ensure.js";
import { inspectEnvironment } from "./environment.js";
import { jupyterDataFolder } from "./jupyter-data.js";
import { installedKernel, isKernelCurrent, kernelFolder } from "./kernelspec.js";
import { extensionFolder, isExtensionCurrent } from "./labextension.js";
import { sourceFor } from "./libtensorflow.js";
import { findPython } from "./python.js";
import { root } from "./root.js";

/** What the doctor found about one thing. */
export interface Finding {
  readonly name: string;
  /** `note`: works, but not as well as it could. */
  readonly state: "ok" | "note" | "broken";
  readonly found: string;
  /** The command that mends it. */
  readonly mend?: string;
}

/** Packages with compiled parts that must come along without install scripts, and those that everything rests on. */
const packages = ["zeromq", "koffi", "@napi-rs/canvas", "@resvg/resvg-js", "typescript", "@tensorflow/tfjs", "tslab"];

/** Looks at everything, prints it (`json`: as one object), and returns 1 if something that is needed is broken. */
export async function doctor(json: boolean): Promise<number> {
  const findings = await examine();
  const ok = findings.every(({ state }) => state !== "broken");
  if (json) console.log(JSON.stringify({ ok, findings }, undefined, 2));
  else for (const finding of findings) console.log(line(finding));
  return ok ? 0 : 1;
}

function line({ name, state, found, mend }: Finding): string {
  const mark = { ok: "✓", note: "!", broken: "✗" }[state];
  return `${mark} ${name.padEnd(20)} ${found}${mend === undefined ? "" : `\n${" ".repeat(23)}→ ${mend}`}`;
}

/** All findings, in the order in which one would mend them. A check that fails by itself becomes a finding. */
export async function examine(): Promise<readonly Finding[]> {
  const checks: readonly [string, () => Finding | Promise<Finding>][] = [
    ["Node", node],
    ["platform", platform],
    ["packages", npmPackages],
    ["compiled", compiled],
    ["Python", python],
    ["Python environment", environment],
    ["TensorFlow", tensorflow],
    ["CUDA", cuda],
    ["kernelspec", kernelspec],
    ["extension", extension],
  ];
  return Promise.all(
    checks.map(async ([name, check]): Promise<Finding> => {
      try {
        return await check();
      } catch (error) {
        const found = `could not be looked at: ${error instanceof Error ? error.message : error}`;
        return { name, state: "broken", found, mend: "npm ci && npx nabla setup" };
      }
    }),
  );
}

function node(): Finding {
  return { name: "Node", state: "ok", found: `${process.version}, ${process.execPath}` };
}

function platform(): Finding {
  const source = sourceFor("cpu");
  const found = `${platformName}, ${release()}`;
  if (typeof source !== "string") return { name: "platform", state: "ok", found };
  return { name: "platform", state: "note", found: `${found}: ${source}; the fallback backend is slow` };
}

async function npmPackages(): Promise<Finding> {
  const script = `const bad = [];
    for (const name of ${JSON.stringify(packages)}) {
      try { require(name); } catch (error) { bad.push(name + ": " + String(error.message).split("\\n")[0]); }
    }
    require("node:fs").writeSync(1, "\\n" + JSON.stringify(bad)); process.exit();`;
  const { code, output } = await runProgram(process.execPath, ["--input-type=commonjs", "-e", script], { cwd: root });
  const bad = code === 0 ? (JSON.parse(output.slice(output.lastIndexOf("\n[") + 1)) as string[]) : [output];
  if (bad.length === 0) return { name: "packages", state: "ok", found: `${packages.join(", ")} load` };
  return { name: "packages", state: "broken", found: bad.join("; "), mend: "npm ci" };
}

function compiled(): Finding {
  const main = join(root, "dist", "kernel", "main.js");
  if (existsSync(main)) return { name: "compiled", state: "ok", found: main };
  return { name: "compiled", state: "broken", found: `${main} is not there`, mend: "npm run build" };
}

async function python(): Promise<Finding> {
  try {
    const { file, version } = await findPython();
    return { name: "Python", state: "ok", found: `${version}, ${file}` };
  } catch (error) {
    // Only the next set-up needs it: an environment that is complete works on.
    const state = typeof inspectEnvironment(cacheFolder()) === "string" ? "broken" : "note";
    return { name: "Python", state, found: (error as Error).message };
  }
}

async function environment(): Promise<Finding> {
  const name = "Python environment";
  const found = inspectEnvironment(cacheFolder());
  if (typeof found === "string") return { name, state: "broken", found, mend: "npx nabla setup" };
  const names = ["jupyterlab", "nbclient", "nbconvert"];
  const script = `import importlib.metadata as m; print(", ".join(n + " " + m.version(n) for n in ${JSON.stringify(names)}))`;
  const { code, output } = await runProgram(found.python, ["-I", "-c", script]);
  if (code === 0) return { name, state: "ok", found: `${output.trim()} in ${found.folder}` };
  const mend = `rm -r '${found.folder}' && npx nabla setup`;
  return { name, state: "broken", found: `${output.trim().split("\n").at(-1)}`, mend };
}

async function tensorflow(): Promise<Finding> {
  const name = "TensorFlow";
  const runtime = findRuntime();
  if (runtime === undefined) {
    const why = candidateFolders().map(inspectRuntime).join("; ");
    if (typeof sourceFor("cpu") === "string")
      return { name, state: "note", found: "none for this machine: fallback backend" };
    return { name, state: "broken", found: why, mend: "npx nabla setup --cpu" };
  }
  const place = (file: string): string => JSON.stringify(pathToFileURL(join(root, "dist/src/runtime", file)).href);
  // In a process of its own: a library that is broken or made for another processor may take its process along.
  const script = `const { findRuntime } = await import(${place("location.js")});
    const { loadNative } = await import(${place("native.js")});
    const { openContext } = await import(${place("context.js")});
    const native = loadNative(findRuntime());
    const devices = openContext(native).devices.map(({ type, memory }) => type + (type === "GPU" ? " " + Math.round(memory / 1e9) + " GB" : ""));
    (await import("node:fs")).writeSync(1, "\\n" + native.tf.TF_Version() + " on " + devices.join(", ") + "\\n");
    process.exit();`;
  const { code, output } = await runProgram(process.execPath, ["--input-type=module", "-e", script]);
  const said = output.split("\n").find((text) => / on /.test(text) && /^\d/.test(text));
  if (code === 0 && said !== undefined) return { name, state: "ok", found: `${said}, ${runtime.folder}` };
  const mend = `rm -r '${runtime.folder}' && npx nabla setup --${runtime.manifest.variant}`;
  const last = output.split("\n").find((text) => /Error/.test(text)) ?? `exit code ${code}`;
  return { name, state: "broken", found: `${runtime.folder} does not load: ${last}`, mend };
}

async function cuda(): Promise<Finding> {
  const { code, output } = await runProgram("nvidia-smi", [
    "--query-gpu=name,memory.total,driver_version",
    "--format=csv,noheader",
  ]);
  const gpus = code === 0 ? output.trim().split("\n").join("; ") : "";
  if (gpus === "") return { name: "CUDA", state: "ok", found: "no NVIDIA GPU here" };
  if (findRuntime()?.manifest.variant === "cuda")
    return { name: "CUDA", state: "ok", found: `${gpus}; TensorFlow with CUDA` };
  return { name: "CUDA", state: "note", found: `${gpus}; TensorFlow without CUDA`, mend: "npx nabla setup --cuda" };
}

function kernelspec(): Promise<Finding> {
  return installed("kernelspec", isKernelCurrent, kernelFolder, (share) => installedKernel(share) !== undefined);
}

function extension(): Promise<Finding> {
  return installed("extension", isExtensionCurrent, extensionFolder, (share) => existsSync(extensionFolder(share)));
}

/**
 * What `npm start` uses must be this clone's. The environment's and the user's own Jupyter may have another clone's, which
 * is worth a note.
 */
async function installed(
  name: string,
  isCurrent: (share: string) => boolean,
  folder: (share: string) => string,
  exists: (share: string) => boolean,
): Promise<Finding> {
  if (!isCurrent(cloneShare)) {
    return { name, state: "broken", found: `${folder(cloneShare)} is missing or out of date`, mend: "npx nabla setup" };
  }
  const environment = inspectEnvironment(cacheFolder());
  if (typeof environment !== "string" && !isCurrent(shareOf(environment))) {
    const found = `${folder(shareOf(environment))} is another clone's; npm start uses this one's`;
    return { name, state: "note", found, mend: "npx nabla setup" };
  }
  const user = await jupyterDataFolder({ kind: "user" });
  if (exists(user) && !isCurrent(user)) {
    return { name, state: "note", found: `${folder(user)} is another clone's`, mend: "npx nabla install --user" };
  }
  return { name, state: "ok", found: folder(cloneShare) };
}
