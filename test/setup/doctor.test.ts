import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import type { Finding } from "../../setup/doctor.js";
import { root } from "../root.js";
import { temporary } from "./killing.js";

interface Report {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

function examine(env: NodeJS.ProcessEnv): { code: number | null; report: Report } {
  const { status, stdout } = spawnSync(process.execPath, [join(root, "bin", "nabla.cjs"), "doctor", "--json"], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, report: JSON.parse(stdout) as Report };
}

test("on an empty machine the doctor names what is missing, each with the command that mends it", (context) => {
  const { code, report } = examine({ NABLA_HOME: temporary(context), NABLA_LIBTENSORFLOW: "" });
  assert.equal(code, 1);
  assert.equal(report.ok, false);
  const broken = report.findings.filter(({ state }) => state === "broken");
  const names = broken.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 3), ["Python environment", "TensorFlow", "kernelspec"]);
  for (const { mend } of broken) assert.match(mend ?? "", /^npx nabla setup/);
});

test("a Python that does not run is a finding, not a crash", (context) => {
  const { report } = examine({ NABLA_HOME: temporary(context), NABLA_PYTHON: "/no/such/python" });
  const python = report.findings.find(({ name }) => name === "Python");
  assert.equal(python?.state, "broken");
  assert.match(python?.found ?? "", /NABLA_PYTHON=\/no\/such\/python, which does not run/);
});

test("after set-up everything is found to work, down to TensorFlow's version and devices", () => {
  // Nothing to fetch: `npm test` sets up before it tests. Another clone may have been at the same environment since.
  assert.equal(spawnSync(process.execPath, [join(root, "bin", "nabla.cjs"), "setup"]).status, 0);
  const { code, report } = examine({});
  assert.equal(code, 0, JSON.stringify(report.findings.filter(({ state }) => state === "broken")));
  const found = Object.fromEntries(report.findings.map((finding) => [finding.name, finding.found]));
  assert.match(found.Node ?? "", new RegExp(process.version.replaceAll(".", "\\.")));
  assert.match(found["Python environment"] ?? "", /jupyterlab 4\.6\.6, nbclient 0\.11\.0, nbconvert 7\.17\.2/);
  if (process.platform === "linux" && process.arch === "x64")
    assert.match(found.TensorFlow ?? "", /^2\.21\.0 on .*CPU/);
});
