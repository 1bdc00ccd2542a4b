import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { npm } from "../../../kernel/cell/npm.js";
import { type Registry, startRegistry } from "./registry.js";

const root = mkdtempSync(join(tmpdir(), "nabla-npm-"));
const cache = join(root, "cache");
let registry: Registry;
before(async () => {
  registry = await startRegistry({
    plain: { "1.0.0": { "index.js": "module.exports = 1" }, "2.0.0": { "index.js": "module.exports = 2" } },
    scripted: { "1.0.0": { "package.json": '{"scripts":{"postinstall":"touch ran"}}', "index.js": "" } },
  });
});
after(async () => {
  await registry.close();
  rmSync(root, { recursive: true, force: true });
});

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly error?: Error;
}

async function run(
  directory: string,
  args: readonly string[],
  signal = new AbortController().signal,
): Promise<Printed> {
  const printed = { stdout: "", stderr: "" };
  const write = (text: string, stream: "stdout" | "stderr"): void => {
    printed[stream] += text;
  };
  const where = args.some((arg) => arg.startsWith("--registry")) ? [] : [`--registry=${registry.url}`];
  try {
    await npm([...args, ...where, `--cache=${cache}`], { directory, signal, write });
    return printed;
  } catch (error) {
    return { ...printed, error: error as Error };
  }
}

function folder(name: string): string {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
}

const versionIn = (directory: string, name: string): unknown =>
  JSON.parse(readFileSync(join(directory, "node_modules", name, "package.json"), "utf8")).version;

test("a package is installed beside the notebook, listed, and uninstalled; a package.json above is left alone", async () => {
  const parent = folder("project");
  const directory = folder("project/notebooks");
  writeFileSync(join(parent, "package.json"), '{ "name": "project", "workspaces": ["notebooks"] }');
  const added = await run(directory, ["install", "plain@1"]);
  assert.equal(added.error, undefined);
  assert.match(added.stdout, /added 1 package/);
  assert.equal(versionIn(directory, "plain"), "1.0.0");
  assert.ok(existsSync(join(directory, "package.json")));
  assert.equal(existsSync(join(parent, "node_modules")), false);
  assert.equal(
    readFileSync(join(parent, "package.json"), "utf8"),
    '{ "name": "project", "workspaces": ["notebooks"] }',
  );
  assert.match((await run(directory, ["ls"])).stdout, /plain@1\.0\.0/);
  await run(directory, ["install", "plain"]);
  assert.equal(versionIn(directory, "plain"), "1.0.0", "the range in package.json holds");
  await run(directory, ["install", "plain@latest"]);
  assert.equal(versionIn(directory, "plain"), "2.0.0");
  await run(directory, ["uninstall", "plain"]);
  assert.equal(existsSync(join(directory, "node_modules/plain")), false);
});

test("install scripts are not run unless asked for, and who wanted to is said", async () => {
  const directory = folder("scripts");
  const ran = join(directory, "node_modules/scripted/ran");
  const quiet = await run(directory, ["install", "scripted"]);
  assert.equal(quiet.error, undefined);
  assert.match(quiet.stderr, /Not run: the install script of scripted\. .*%npm rebuild scripted/);
  assert.equal(existsSync(ran), false);
  const again = await run(directory, ["install"]);
  assert.doesNotMatch(again.stderr, /Not run/);
  assert.equal((await run(directory, ["rebuild", "scripted"])).error, undefined);
  assert.ok(existsSync(ran));
});

test("what goes wrong is said in a line, without npm's log", async () => {
  const directory = folder("wrong");
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ["install", "nowhere-to-be-found"],
      /^%npm install nowhere-to-be-found.*: expected a package of the registry, got nowhere-to-be-found, which/,
    ],
    [["install", "plain@99"], /expected a published version, got plain@99\. %npm view plain versions lists them\.$/],
    [
      ["install", "plain", "--registry=http://127.0.0.1:9", "--fetch-retries=0", "--prefer-online"],
      /expected an answer of the registry, got none \(ECONNREFUSED\)\. Is this machine online/,
    ],
    [["instal-l", "plain"], /expected install, .* got instal-l\. Did you mean install\?/],
    [["install", "Not A Name!"], /EINVALIDPACKAGENAME|EINVALIDTAGNAME|[Ii]nvalid/],
    [["install", "-g", "plain"], /expected a package for this notebook, got -g/],
    [[], /expected a command, got none/],
  ];
  for (const [args, expected] of cases) {
    const { error, stderr } = await run(directory, args);
    assert.equal(error?.name, "NpmError", args.join(" "));
    assert.match(error.message, expected);
    assert.ok(error.message.split("\n").length <= 13, error.message);
    assert.doesNotMatch(error.message + stderr, /complete log|npm error|\n {4}at /);
  }
  assert.equal(existsSync(join(directory, "node_modules")), false);
});

test("an interrupt ends npm at once", async () => {
  const directory = folder("slow");
  const stop = new AbortController();
  const reason = new Error("stopped");
  const ended = run(directory, ["install", "slow-package"], stop.signal);
  setTimeout(() => stop.abort(reason), 700);
  assert.equal((await ended).error, reason);
  assert.equal((await run(directory, ["ls"], stop.signal)).error, reason, "and nothing is started afterwards");
});
