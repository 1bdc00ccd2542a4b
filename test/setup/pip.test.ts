import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { downloadSize, pip, rawProgress } from "../../setup/pip.js";
import { SetupProblem } from "../../setup/problem.js";
import { shelf, temporary } from "./killing.js";
import { makeIndex, onlyFrom, pinnedPip } from "./wheels.js";

const index = shelf({ after });
const home = temporary({ after });
const packages = ["tinyone", "tinytwo"].map((name) => ({
  name,
  version: "1.0",
  tag: "py3-none-any",
  files: { [`${name}/__init__.py`]: "" },
}));
const python = pinnedPip();

/** What set-up says when pip downloads from a lock file under these settings and fails. */
async function complaint(lock: string, env: NodeJS.ProcessEnv): Promise<string> {
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith("PIP_")) delete process.env[name];
  Object.assign(process.env, env);
  try {
    const args = ["download", "--no-deps", "--require-hashes", "-r", lock, "--dest", join(home, "downloads")];
    await pip(python, args, { home, what: "TensorFlow" });
  } catch (error) {
    assert.ok(error instanceof SetupProblem, String(error));
    return error.message;
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, saved);
  }
  return "none";
}

test("a package with another hash than the lock's is refused", async () => {
  const lock = makeIndex(index, packages);
  assert.equal(await complaint(lock, onlyFrom(index)), "none");
  rmSync(join(home, "downloads"), { recursive: true });
  writeFileSync(lock, readFileSync(lock, "utf8").replace(/sha256:......../, "sha256:00000000"));
  const said = await complaint(lock, onlyFrom(index));
  assert.match(
    said,
    /^TensorFlow: expected the packages that the lock file names, got a file with another hash\. .*try again/,
  );
});

test("without network there is one message with the way out, and pip's own words in a log", async () => {
  const lock = makeIndex(index, packages);
  const env = { PIP_CONFIG_FILE: "/dev/null", PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_RETRIES: "1" };
  const said = await complaint(lock, env);
  assert.match(
    said,
    /expected to reach the package registry, got no connection\. Check the network and run the same command/,
  );
  assert.match(said, /PIP_INDEX_URL, HTTPS_PROXY/);
  assert.match(readFileSync(join(home, "logs", "pip.log"), "utf8"), /127\.0\.0\.1/);
});

test("a package that the registry lacks is named", async () => {
  const lock = makeIndex(index, packages);
  rmSync(join(index, "tinytwo-1.0-py3-none-any.whl"));
  const said = await complaint(lock, onlyFrom(index));
  assert.match(
    said,
    /expected tinytwo==1\.0 in the package registry, got no such file for this platform\. If pip uses a mirror/,
  );
});

test("pip's lines tell how far it is", () => {
  assert.deepEqual(rawProgress("Progress 1024 of 4096"), [1024, 4096]);
  assert.equal(rawProgress("Saved ./x.whl"), undefined);
  assert.equal(downloadSize("  Downloading jupyterlab-4.6.6-py3-none-any.whl (12.5 MB)"), 12.5e6);
  assert.equal(downloadSize("Downloading six-1.17.0-py2.py3-none-any.whl.metadata (834 bytes)"), 834);
  assert.equal(downloadSize("Collecting six"), 0);
});
