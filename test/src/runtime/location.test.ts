import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  cacheFolder,
  findRuntime,
  inspectRuntime,
  manifestName,
  platformName,
  runtimeFolder,
} from "../../../src/runtime/location.js";

const home = mkdtempSync(join(tmpdir(), "nabla-location-"));
after(() => rmSync(home, { recursive: true }));

function make(folder: string, variant: string, size = 3): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "lib.so"), "abc");
  const manifest = { version: "2.21.0", variant, platform: platformName, files: { "lib.so": size } };
  writeFileSync(join(folder, manifestName), JSON.stringify(manifest));
  return folder;
}

test("NABLA_HOME moves the cache, else XDG_CACHE_HOME, else ~/.cache", () => {
  assert.equal(cacheFolder({ NABLA_HOME: "/a", XDG_CACHE_HOME: "/b" }), "/a");
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/b" }), "/b/nabla");
  assert.equal(cacheFolder({}), join(homedir(), ".cache", "nabla"));
});

test("a complete runtime is found, and CUDA's comes before the CPU's", () => {
  const env = { NABLA_HOME: join(home, "both") };
  assert.equal(findRuntime(env), undefined);
  const cpu = make(runtimeFolder("cpu", env), "cpu");
  assert.equal(findRuntime(env)?.folder, cpu);
  const cuda = make(runtimeFolder("cuda", env), "cuda");
  assert.equal(findRuntime(env)?.folder, cuda);
});

test("a half-made runtime is never trusted", () => {
  const env = { NABLA_HOME: join(home, "half") };
  const folder = make(runtimeFolder("cpu", env), "cpu", 4);
  assert.equal(findRuntime(env), undefined);
  assert.match(String(inspectRuntime(folder)), /3 bytes instead of 4/);
  for (const text of [
    "",
    "{",
    "null",
    '{"version":"2.21.0"}',
    '{"version":"2","variant":"cpu","platform":"p","files":{}}',
  ]) {
    writeFileSync(join(folder, manifestName), text);
    assert.match(String(inspectRuntime(folder)), /is not a manifest/);
  }
  rmSync(join(folder, manifestName));
  assert.match(String(inspectRuntime(folder)), /has no manifest.json/);
  make(folder, "cpu");
  rmSync(join(folder, "lib.so"));
  assert.match(String(inspectRuntime(folder)), /has no bytes instead of 3/);
});

test("a runtime of another platform is refused", () => {
  const folder = make(join(home, "other"), "cpu");
  const manifest = { version: "2.21.0", variant: "cpu", platform: "plan9-mips", files: { "lib.so": 3 } };
  writeFileSync(join(folder, manifestName), JSON.stringify(manifest));
  assert.match(String(inspectRuntime(folder)), /is for plan9-mips/);
});

test("NABLA_LIBTENSORFLOW names the only folder that is looked at", () => {
  const env = { NABLA_HOME: join(home, "named") };
  make(runtimeFolder("cpu", env), "cpu");
  const mine = make(join(home, "mine"), "cpu");
  assert.equal(findRuntime({ ...env, NABLA_LIBTENSORFLOW: mine })?.folder, mine);
  assert.equal(findRuntime({ ...env, NABLA_LIBTENSORFLOW: join(home, "nowhere") }), undefined);
});
