import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { sourceFor } from "../../setup/libtensorflow.js";
import { inspectRuntime, manifestName, runtimeFolder } from "../../src/runtime/location.js";
import { runWorker, shelf, temporary } from "./killing.js";
import { makeIndex, onlyFrom, pinnedPip } from "./wheels.js";

const tensorflow = {
  name: "tensorflow_cpu",
  version: "2.21.0",
  tag: "cp312-cp312-any",
  files: {
    "tensorflow/libtensorflow_cc.so.2": 60_000_000,
    "tensorflow/libtensorflow_framework.so.2": 5_000_000,
    "tensorflow/python/other.so": 1000,
  },
};
const index = shelf({ after });
const lock = makeIndex(index, [tensorflow]);
const python = pinnedPip();

function env(home: string): NodeJS.ProcessEnv {
  return { ...onlyFrom(index), NABLA_HOME: home, TEST_PYTHON: python };
}

function folder(home: string): string {
  return runtimeFolder("cpu", { NABLA_HOME: home });
}

test("a runtime killed at any moment is not trusted, and the next run goes on to a whole one", async (context) => {
  const home = temporary(context);
  let cut = 0;
  for (const moment of [300, 600, 900, 1200, 1500, 1800, 2100, 2400]) {
    const { code } = await runWorker(["runtime", lock], env(home), moment);
    const found = inspectRuntime(folder(home));
    if (code === null) cut++;
    if (typeof found === "string") continue;
    // Only a run that was killed after its last step may leave a runtime, and then a complete one.
    assert.deepEqual(Object.keys(found.files).sort(), ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]);
    break;
  }
  assert.ok(cut >= 2, `only ${cut} runs were cut short`);
  const { code, output } = await runWorker(["runtime", lock], env(home));
  assert.equal(code, 0, output);
  const manifest = inspectRuntime(folder(home));
  assert.ok(typeof manifest !== "string", String(manifest));
  assert.deepEqual(manifest.files, { "libtensorflow_cc.so.2": 60_000_000, "libtensorflow_framework.so.2": 5_000_000 });
  assert.deepEqual(readdirSync(folder(home)).sort(), Object.keys(manifest.files).concat(manifestName).sort());
  const left = readdirSync(join(home, "libtensorflow")).filter((name) => name.includes("partial"));
  assert.deepEqual(left, []);
  assert.match(output, /65\.0 MB/);
});

test("a full disk leaves nothing that is trusted, and says so once", async (context) => {
  const home = temporary(context);
  const disk = join(home, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=90m", "nabla-test", disk]).status === 0;
  if (!mounted) return context.skip("needs the right to mount a small file system");
  try {
    // The wheel fits, what is in it does not; in the second round not even the wheel.
    for (const filler of [0, 60_000_000]) {
      writeFileSync(join(disk, "filler"), Buffer.alloc(filler));
      const { code, output } = await runWorker(["runtime", lock], env(disk));
      assert.equal(code, 1, output);
      const complaints = output.split("\n").filter((line) => line.includes("expected"));
      assert.equal(complaints.length, 1, output);
      assert.match(complaints[0] ?? "", /a full disk\. Set NABLA_HOME to a folder on another disk, or free some space/);
      assert.equal(typeof inspectRuntime(folder(disk)), "string");
      rmSync(join(disk, "downloads"), { recursive: true, force: true });
    }
  } finally {
    spawnSync("umount", [disk]);
  }
});

test("a disk that is too small is refused before the download", async (context) => {
  const home = temporary(context);
  const { code, output } = await runWorker(["runtime", lock, "1e18"], env(home));
  assert.equal(code, 1);
  assert.match(output, /TensorFlow: expected 1000000000\.00 GB free in .*, got [\d.]+ GB\. Set NABLA_HOME/);
  assert.ok(!existsSync(folder(home)));
});

test("each platform gets its wheel, or hears that there is none", () => {
  const platformOf = (variant: "cpu" | "cuda", platform: string, musl = false): string => {
    const source = sourceFor(variant, platform, musl);
    return typeof source === "string" ? source : (source.platforms[0] ?? "");
  };
  assert.equal(platformOf("cpu", "linux-x64"), "manylinux_2_27_x86_64");
  assert.equal(platformOf("cpu", "linux-arm64"), "manylinux_2_27_aarch64");
  assert.equal(platformOf("cpu", "darwin-arm64"), "macosx_12_0_arm64");
  assert.equal(platformOf("cuda", "linux-x64"), "manylinux_2_27_x86_64");
  assert.match(platformOf("cpu", "win32-x64"), /no cpu build for win32-x64/);
  assert.match(platformOf("cpu", "darwin-x64"), /no cpu build for darwin-x64/);
  assert.match(platformOf("cuda", "darwin-arm64"), /no cuda build/);
  assert.match(platformOf("cpu", "linux-x64", true), /glibc/);
});

test("CUDA's wheels give their libraries, in the folders where they find each other", () => {
  const source = sourceFor("cuda", "linux-x64", false);
  assert.ok(typeof source !== "string");
  const kept = (path: string): string | undefined =>
    source.patterns.map((pattern) => new RegExp(`^(?:${pattern})$`).exec(path)?.[1]).find((name) => name !== undefined);
  assert.equal(kept("tensorflow/libtensorflow_cc.so.2"), "libtensorflow_cc.so.2");
  assert.equal(kept("nvidia/cudnn/lib/libcudnn_ops.so.9"), "nvidia/cudnn/lib/libcudnn_ops.so.9");
  assert.equal(kept("nvidia/cuda_nvcc/bin/ptxas"), "nvidia/cuda_nvcc/bin/ptxas");
  assert.equal(kept("nvidia/cudnn/include/cudnn.h"), undefined);
  assert.equal(kept("tensorflow/python/_pywrap_tensorflow.so"), undefined);
});
