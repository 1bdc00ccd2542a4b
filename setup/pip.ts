import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Ended, runPython } from "./child.js";
import { remove, writeWhole } from "./folder.js";
import { elsewhere, fileProblem, SetupProblem } from "./problem.js";

export interface PipOptions {
  /** Nabla's folder: pip's temporary files and the log of a failure go there. */
  readonly home: string;
  /** What the packages are for, as the messages call it. */
  readonly what: string;
  readonly onLine?: (line: string) => void;
}

/** Runs pip with the user's own settings (mirrors, proxies, certificates). Throws as {@link runExplained} does. */
export function pip(python: string, args: readonly string[], options: PipOptions): Promise<Ended> {
  return runExplained(python, ["-m", "pip", ...args], options);
}

/**
 * Runs pip or one of its kin (venv, ensurepip).
 *
 * @throws SetupProblem that says what went wrong and the way out; the program's own words are in `logs/pip.log`.
 */
export async function runExplained(python: string, args: readonly string[], options: PipOptions): Promise<Ended> {
  const temporary = join(options.home, "tmp");
  const env: NodeJS.ProcessEnv = { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" };
  // pip unpacks downloads in the temporary folder, and /tmp is often small.
  for (const name of ["TMPDIR", "TEMP", "TMP"]) env[name] = temporary;
  const log: string[] = [];
  try {
    // What a killed run left there. Only one set-up works at a time.
    remove(temporary);
    mkdirSync(temporary, { recursive: true });
  } catch (error) {
    throw fileProblem(options.what, options.home, error);
  }
  try {
    const onLine = (line: string): void => {
      if (!line.startsWith("Progress ")) log.push(line);
      options.onLine?.(line);
    };
    const ended = await runPython(python, args, { env, onLine });
    if (ended.code === 0) return ended;
    throw pipProblem(options, log, keepLog(options.home, [`${python} ${args.join(" ")}`, ...log]));
  } finally {
    remove(temporary);
  }
}

function keepLog(home: string, log: readonly string[]): string {
  const file = join(home, "logs", "pip.log");
  try {
    writeWhole(file, `${log.join("\n")}\n`);
  } catch {
    return "";
  }
  return ` pip's own words are in ${file}.`;
}

/** What a failed pip run means. The order matters: a full disk also shows up as a broken download. */
function pipProblem({ what, home }: PipOptions, log: readonly string[], details: string): SetupProblem {
  const text = log.join("\n");
  const problem = (expected: string, got: string, hint: string): SetupProblem =>
    new SetupProblem(what, expected, got, hint + details);
  if (/No space left on device|Errno 28|Disk quota exceeded|not enough space/i.test(text)) {
    return problem(`to write into ${home}`, "a full disk", elsewhere);
  }
  if (/Errno 13|Permission denied|Read-only file system/i.test(text)) {
    return problem(`to write into ${home}`, "no permission to write there", elsewhere);
  }
  if (/DO NOT MATCH THE HASHES|hash mismatch/i.test(text)) {
    const hint = "The registry or a proxy sent another file: try again, or another mirror (PIP_INDEX_URL).";
    return problem("the packages that the lock file names", "a file with another hash", hint);
  }
  if (/SSLError|CERTIFICATE_VERIFY_FAILED/i.test(text)) {
    const hint = "Behind a proxy that inspects traffic, tell pip its certificate: PIP_CERT=/path/to/ca.pem.";
    return problem("a trusted package registry", "a certificate that Python does not trust", hint);
  }
  if (/Max retries|NewConnectionError|ConnectionError|Retrying \(|Name or service not known|timed out/i.test(text)) {
    const hint =
      "Check the network and run the same command again: it goes on where it stopped. Mirrors and proxies are pip's: PIP_INDEX_URL, HTTPS_PROXY.";
    return problem("to reach the package registry", "no connection", hint);
  }
  const missing = /No matching distribution found for (\S+)/.exec(text)?.[1];
  if (missing !== undefined) {
    const hint = "If pip uses a mirror (pip config list), see that it has this file; PIP_INDEX_URL names another.";
    return problem(`${missing} in the package registry`, "no such file for this platform", hint);
  }
  const last = log.findLast((line) => line.startsWith("ERROR")) ?? log.at(-1) ?? "nothing";
  return problem("pip to succeed", last, "Run the same command again, or `npx nabla doctor`.");
}

/** Reads pip's `--progress-bar raw` lines: bytes so far and in all. */
export function rawProgress(line: string): readonly [done: number, total: number] | undefined {
  const found = /^Progress (\d+) of (\d+)$/.exec(line);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/** Reads the size out of pip's `Downloading x.whl (12.3 MB)` lines, in bytes. */
export function downloadSize(line: string): number {
  const found = /Downloading \S+ \(([\d.]+) (bytes|kB|MB|GB)\)/.exec(line);
  if (!found) return 0;
  const unit = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[found[2] as "bytes" | "kB" | "MB" | "GB"];
  return Number(found[1]) * unit;
}
