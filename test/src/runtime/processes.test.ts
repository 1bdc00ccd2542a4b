/** What only a whole process shows: when TensorFlow is loaded, what it prints, how it ends, and what happens without it. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { manifestName, platformName } from "../../../src/runtime/location.js";
import { runAlone as run, scratch, urlOf } from "./alone.js";

test("TensorFlow is loaded by the first operation, not by the import", () => {
  const { stdout, stderr } = run(`
    console.log(isLoaded());
    tf.ones([2]).sum();
    console.log(isLoaded());
  `);
  assert.deepEqual([stdout, stderr], ["false\ntrue\n", ""]);
});

test("NABLA_TF_LOG lets TensorFlow's log through, and nothing else does", () => {
  assert.match(
    run("tf.ones([2]).sum();", { NABLA_TF_LOG: "1" }).stderr,
    /^I0000 .*(oneDNN custom operations are on|TensorFlow binary)/m,
  );
  const { stderr } = run(`process.stderr.write("before "); tf.ones([2]).sum(); process.stderr.write("after");`);
  assert.equal(stderr, "before after");
});

test("a process keeps its exit code, its output and its exit listeners", () => {
  const printed = 'process.stdout.write("x".repeat(3_000_000) + "end");';
  const plain = run(
    `tf.ones([2]).sum(); process.on("exit", () => console.log("listener")); process.exitCode = 7; ${printed}`,
  );
  assert.deepEqual([plain.status, plain.signal, plain.stdout.slice(-12)], [7, null, "endlistener\n"]);
  const asked = run('tf.ones([2]).sum(); console.log("short"); process.exit(3);');
  assert.deepEqual([asked.status, asked.signal, asked.stdout], [3, null, "short\n"]);
  const thrown = run('tf.ones([2]).sum(); throw new Error("on purpose");');
  assert.deepEqual([thrown.status, thrown.signal], [1, null]);
  assert.match(thrown.stderr, /on purpose/);
});

test("a worker may own TensorFlow, and its end is not the end of the process", () => {
  const worker = `
    import { Worker } from "node:worker_threads";
    const code = 'import(${urlOf("runtime/tf.js").replaceAll('"', "`")}).then((tf) => console.log(tf.ones([2]).sum().dataSync()[0]))';
    new Worker(code, { eval: true }).on("exit", (code) => {
      console.log("worker ended with", code);
      process.exitCode = 5;
    });
  `;
  const { status, signal, stdout, stderr } = run(worker);
  assert.deepEqual([status, signal, stdout, stderr], [5, null, "2\nworker ended with 0\n", ""]);
});

test("without TensorFlow, WebAssembly computes and a note says what is lost and how to mend it", () => {
  const { status, stdout, stderr } = run(
    `console.log(tf.getBackend(), tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0], runtimeInfo().backend);`,
    { NABLA_LIBTENSORFLOW: join(scratch, "nowhere") },
  );
  assert.deepEqual([status, stdout], [0, "wasm 11 wasm\n"]);
  assert.match(stderr, /^Nabla runs WITHOUT TensorFlow: .*nowhere has no manifest.json\.\n/);
  assert.match(stderr, /WebAssembly.*slower.*SavedModels/);
  assert.equal(stderr.match(/npx nabla setup/g)?.length, 1);
});

test("without TensorFlow, WebAssembly borrows JavaScript's kernels for the gradients that it lacks, and frees the copies", () => {
  const { status, stdout, stderr } = run(
    `const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
     const loss = (filter) => tf.conv2d(x, filter, 1, "valid").sum();
     const gradient = () => tf.tidy(() => [...tf.grad(loss)(tf.ones([2, 2, 1, 1])).dataSync()]);
     const sums = gradient();
     const before = tf.memory().numTensors;
     gradient();
     console.log(sums.join(" "), tf.memory().numTensors - before);`,
    { NABLA_LIBTENSORFLOW: join(scratch, "nowhere") },
  );
  // Each weight sees a 2 × 2 part of the image: 1+2+4+5, 2+3+5+6, 4+5+7+8, 5+6+8+9.
  assert.deepEqual([status, stdout], [0, "12 16 24 28 0\n"]);
  assert.equal(stderr.trim().split("\n").length, 3);
});

test("where TensorFlow is broken, JavaScript computes in its place", () => {
  const folder = join(scratch, "broken");
  mkdirSync(folder);
  const names = ["libtensorflow_framework.so.2", "libtensorflow_cc.so.2"];
  for (const name of names) writeFileSync(join(folder, name), "abc");
  const files = Object.fromEntries(names.map((name) => [name, 3]));
  const manifest = { version: "2.21.0", variant: "cpu", platform: platformName, files };
  writeFileSync(join(folder, manifestName), JSON.stringify(manifest));
  const { status, stdout, stderr } = run(
    `console.log(tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0], tf.grad((x) => x.mul(x))(tf.scalar(3)).dataSync()[0], runtimeInfo().backend);`,
    { NABLA_LIBTENSORFLOW: folder },
  );
  assert.deepEqual([status, stdout], [0, "11 6 cpu\n"]);
  assert.match(stderr, /^Nabla runs WITHOUT TensorFlow: .*cannot be loaded \(.*too short\)\.\n.*JavaScript/);
  assert.equal(stderr.trim().split("\n").length, 3);
});

test("thread counts from the environment are obeyed, and nonsense in them is named", () => {
  const fine = run("console.log(tf.ones([2]).sum().dataSync()[0]);", { NABLA_INTRA_OP_THREADS: "1" });
  assert.deepEqual([fine.status, fine.stdout, fine.stderr], [0, "2\n", ""]);
  assert.match(
    run("tf.ones([2]).sum();", { NABLA_INTER_OP_THREADS: "many" }).stderr,
    /NABLA_INTER_OP_THREADS: expected/,
  );
});

test("a GPU that is asked for and is not there: one line, and the CPU computes", {
  skip: existsSync("/dev/nvidiactl"),
}, () => {
  const { status, stdout, stderr } = run("console.log(tf.ones([2]).sum().dataSync()[0], runtimeInfo().device);", {
    NABLA_DEVICE: "cuda:0",
  });
  assert.deepEqual([status, stdout], [0, "2 CPU\n"]);
  assert.match(stderr, /^NABLA_DEVICE: TensorFlow sees no GPU, so everything is computed on the CPU\..*doctor.*\n$/);
});

test("configure chooses threads and device before the first operation, and not after it", () => {
  const begin = 'configure({ device: "cpu", intraOpThreads: 1 });';
  const early = run(`${begin} console.log(tf.ones([2]).sum().dataSync()[0], process.env.NABLA_DEVICE);`, {});
  assert.deepEqual([early.status, early.stdout, early.stderr], [0, "2 cpu\n", ""]);
  assert.match(run(`tf.ones([2]); ${begin}`, {}).stderr, /configure: expected to be called before the first operation/);
  assert.match(run("configure({ devise: 'cpu' });", {}).stderr, /options device, gpuMemory, .*Did you mean 'device'\?/);
  assert.match(run("configure({ gpuMemory: 0.5 });", {}).stderr, /NABLA_GPU_MEMORY: expected a whole number of MB/);
});
