import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspectEnvironment } from "../../setup/environment.js";
import { cacheFolder } from "../../src/runtime/location.js";

/** A wheel of a few files, as a registry would serve it. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** e.g. `py3-none-any` */
  readonly tag: string;
  /** Path in the wheel → text, or a number of bytes that do not compress. */
  readonly files: Readonly<Record<string, string | number>>;
}

const zip = `
import json, os, sys, zipfile
wheel = json.loads(sys.stdin.read())
info = "%s-%s.dist-info/" % (wheel["name"], wheel["version"])
with zipfile.ZipFile(wheel["path"], "w", zipfile.ZIP_DEFLATED) as out:
    for path, content in wheel["files"].items():
        out.writestr(path, os.urandom(content) if isinstance(content, int) else content)
    out.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: %(name)s\\nVersion: %(version)s\\n" % wheel)
    out.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: %(tag)s\\n" % wheel)
    out.writestr(info + "RECORD", "")
`;

/** Writes wheels into `folder` (for PIP_FIND_LINKS) and a lock file over them; returns the lock file. */
export function makeIndex(folder: string, wheels: readonly Wheel[]): string {
  mkdirSync(folder, { recursive: true });
  const entries = wheels.map((wheel) => {
    const path = join(folder, `${wheel.name}-${wheel.version}-${wheel.tag}.whl`);
    execFileSync("python3", ["-c", zip], { input: JSON.stringify({ ...wheel, path }) });
    const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    return `${wheel.name.replaceAll("_", "-")}==${wheel.version} \\\n    --hash=sha256:${hash}\n`;
  });
  const lock = join(folder, "test.lock");
  writeFileSync(lock, entries.join(""));
  return lock;
}

/** Lets pip see nothing but the wheels in a folder. */
export function onlyFrom(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: "/dev/null" };
}

/** The Python whose pip set-up uses to fetch TensorFlow: the private environment's. `npm test` sets it up first. */
export function pinnedPip(): string {
  const environment = inspectEnvironment(cacheFolder());
  assert.ok(typeof environment !== "string", `run npx nabla setup first: ${environment}`);
  return environment.python;
}
