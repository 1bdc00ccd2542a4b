/** What only a machine with an NVIDIA GPU and TensorFlow's CUDA build shows; skipped elsewhere. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { findRuntime } from "../../../src/runtime/location.js";
import { runAlone, urlOf } from "./alone.js";

const gpus = spawnSync("nvidia-smi", ["-L"], { encoding: "utf8" }).stdout ?? "";
const built = findRuntime()?.manifest.variant === "cuda";
const skip = gpus === "" ? "no NVIDIA GPU" : built ? false : "TensorFlow's CPU build: run nabla setup --cuda";

/** The losses of ten steps of a small CNN, dropout included, and where they were computed. */
const training = `
  const { fromArrays } = await import(${urlOf("data/index.js")});
  const nn = await import(${urlOf("nn/index.js")});
  const { fit } = await import(${urlOf("train/index.js")});
  nn.seed(1);
  const net = nn.sequential(nn.input(8, 8, 1), nn.conv2d(4, 3), nn.relu(), nn.dropout(0.2), nn.flatten(), nn.dense(3));
  const data = fromArrays(tf.randomUniform([32, 8, 8, 1], 0, 1, "float32", 3), tf.range(0, 32, 1, "int32").mod(3), { classes: 3 });
  const run = await fit(net, data, { loss: "crossEntropy", optimizer: "adam", batchSize: 8, maxSteps: 10, epochs: 9 });
  console.log(JSON.stringify({ device: runtimeInfo().device, losses: Array.from(run.history.steps.loss) }));`;

test("a network learns on the GPU as on the CPU", { skip }, () => {
  const [gpu, cpu] = [{ NABLA_DEVICE: "cuda:0" }, { NABLA_DEVICE: "cpu" }].map((env) => {
    const { stdout, stderr } = runAlone(training, env);
    assert.match(stdout, /^{/, stderr);
    return JSON.parse(stdout) as { device: string; losses: number[] };
  });
  assert.deepEqual([gpu!.device, cpu!.device], ["GPU:0", "CPU"]);
  gpu!.losses.forEach((loss, step) => {
    assert.ok(Math.abs(loss - cpu!.losses[step]!) < 1e-3, `step ${step}: ${loss} and ${cpu!.losses[step]}`);
  });
});

test("CUDA_VISIBLE_DEVICES is respected: without a GPU the CPU computes", { skip }, () => {
  const { stdout } = runAlone("console.log(tf.ones([2]).sum().dataSync()[0], runtimeInfo().device);", {
    CUDA_VISIBLE_DEVICES: "-1",
  });
  assert.equal(stdout, "2 CPU\n");
});

test("a GPU's memory that is full is a MemoryError, and what comes after it is computed", { skip }, () => {
  const { stdout, stderr } = runAlone(
    `const held = [];
     try { for (;;) held.push(tf.ones([64, 1024, 1024])); } catch (error) { console.log(error.name); }
     tf.dispose(held);
     console.log(tf.ones([64, 1024, 1024]).mean().dataSync()[0]);`,
    { NABLA_GPU_MEMORY: "2000" },
  );
  assert.equal(stdout, "MemoryError\n1\n", stderr);
});
