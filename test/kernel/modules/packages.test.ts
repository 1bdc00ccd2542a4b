/**
 * Forty popular npm packages, half of them ES modules only, each imported and used in one line through a whole kernel, with
 * its types. `test/kernel/packages.json` is the list, `test/fixtures/packages` pins it, `docs/packages.md` records the
 * results: `NABLA_UPDATE=1 node dist/test/run.js modules/packages` writes it anew.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cacheFolder } from "../../../src/runtime/location.js";
import { root } from "../../root.js";
import { type KernelClient, printed, resultText, startKernel } from "../client.js";

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly esmOnly: boolean;
  readonly types?: Readonly<Record<string, string>>;
  readonly code: string;
  /** `text/plain` of the line's result. */
  readonly expected: string;
}

const list = JSON.parse(readFileSync(join(root, "test/kernel/packages.json"), "utf8")) as Listed[];
const fixture = join(root, "test/fixtures/packages");
const record = join(root, "docs/packages.md");
let folder: string;
let kernel: KernelClient;

/** Installs the packages once for each lock file, into Nabla's cache; later runs find them there. */
function installed(): string {
  const lock = readFileSync(join(fixture, "package-lock.json"));
  const name = `test-packages-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`;
  const place = join(cacheFolder(), name);
  if (existsSync(place)) return place;
  const partial = `${place}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  cpSync(fixture, partial, { recursive: true });
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  const { status, stderr } = spawnSync("npm", args, { cwd: partial, encoding: "utf8" });
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new Error(`expected npm to install the packages of ${fixture}, got: ${stderr.slice(0, 600)}`);
  }
  for (const other of readdirSync(cacheFolder()).filter((each) => /^test-packages-\w+$/.test(each))) {
    rmSync(join(cacheFolder(), other), { recursive: true, force: true });
  }
  renameSync(partial, place);
  return place;
}

before(async () => {
  folder = installed();
  kernel = await startKernel(undefined, process.env, undefined, folder);
});
after(() => kernel?.close());

test("the list has forty packages, half of them ES modules only, at the versions of the lock", () => {
  assert.equal(list.length, 40);
  assert.equal(list.filter(({ esmOnly }) => esmOnly).length, 20);
  const { dependencies } = JSON.parse(readFileSync(join(fixture, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const wanted = Object.assign({}, ...list.map(({ name, version, types }) => ({ [name]: version, ...types })));
  assert.deepEqual(dependencies, wanted);
  for (const { name, version, esmOnly } of list) {
    const manifest = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
    assert.equal(manifest.version, version);
    const both = manifest.type !== "module" || JSON.stringify(manifest.exports ?? {}).includes('"require"');
    assert.equal(esmOnly, !both, `${name}: ES modules only?`);
  }
});

test("every package is imported, checked and used in one line", { timeout: 240_000 }, async () => {
  const rows: string[] = [];
  const wrong: string[] = [];
  for (const { name, version, esmOnly, types, code, expected } of list) {
    const { reply, outputs } = await kernel.execute(code);
    const got = reply.content.status === "ok" ? resultText(outputs) : String(reply.content.evalue);
    if (got !== expected) wrong.push(`${name}: expected ${expected}, got ${got}`);
    const said = printed(outputs, "stderr");
    if (said) wrong.push(`${name}: said ${said}`);
    const kind = esmOnly ? "ES module only" : "CommonJS or both";
    const cell = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;
    const typed = types === undefined ? "own" : "`@types`";
    rows.push(`| ${name} | ${version} | ${kind} | ${typed} | ${cell(code)} | ${cell(String(got))} |`);
  }
  assert.deepEqual(wrong, []);
  const text = `${heading}${rows.join("\n")}\n`;
  if (process.env.NABLA_UPDATE) writeFileSync(record, text);
  assert.equal(readFileSync(record, "utf8"), text, "docs/packages.md is not what was found; see the top of this test");
});

const heading = `# Packages that were tried

Forty popular npm packages, half of which are ES modules only, imported and used in one line each: installed without running
any script, checked against their types, run in a kernel. \`test/kernel/modules/packages.test.ts\` made this table and
compares it with what it finds.

| package | version | kind | types | cell | result |
|---|---|---|---|---|---|
`;
