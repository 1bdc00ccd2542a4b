import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { FileError } from "../../../src/errors.js";
import type * as nn from "../../../src/nn/index.js";
import { checkpoints, type FitOptions, fit, history, resume, steps } from "../../../src/train/index.js";
import { temporaryFolder } from "../folder.js";
import { withFullDisk } from "../full-disk.js";
import { network, numbers, options, points } from "./small.js";

const folder = temporaryFolder();
const directory = join(folder, "good");

const files = ["weights.safetensors", "training.safetensors", "checkpoint.json"];

/** A folder with the checkpoints of steps 4, 8 and 12 of a run, and of its last, 15. */
async function good(): Promise<string> {
  if (readdirSync(folder).includes("good")) return directory;
  await fit(network(), points(), { ...options(), checkpoint: { directory, every: 4, keep: 9 } });
  return directory;
}

/** A copy of the folder, to be spoiled. */
async function copy(name: string): Promise<string> {
  cpSync(await good(), join(folder, name), { recursive: true });
  return join(folder, name);
}

const hidden = (path: string) => readdirSync(path).filter((name) => name.startsWith("."));

/** Resumes, with every warning taken down. */
async function resumed(net: nn.Model, from: string, given: Partial<FitOptions> = {}): Promise<string[]> {
  const warn = mock.method(console, "warn", () => {});
  try {
    await resume(net, points() as never, { ...options(), ...given, from });
    return warn.mock.calls.map(({ arguments: [text] }) => String(text));
  } finally {
    warn.mock.restore();
  }
}

test("where there is no checkpoint, the error says so, and how to begin", async () => {
  const empty = join(folder, "empty");
  mkdirSync(empty);
  writeFileSync(join(empty, "notes.txt"), "mine");
  mkdirSync(join(empty, "20260101-000000-abcdef-step-0000000001"));
  for (const from of [join(folder, "nowhere"), empty]) {
    await assert.rejects(resume(network(), points(), { ...options(), from }), (error: Error) => {
      assert.ok(error instanceof FileError, String(error));
      assert.match(error.message, /resume: from: expected a checkpoint in .*, got .* Begin with train\.fit/);
      return true;
    });
    assert.deepEqual(await checkpoints(from), []);
  }
});

test("whatever is torn or flipped in the newest checkpoint, the one before it is found, and ends alike", async () => {
  const whole = network();
  await fit(whole, points(), options());
  const spoil: [string, (path: string) => void][] = files.flatMap((name) => {
    const change = (how: (bytes: Buffer) => Buffer) => (path: string) => {
      writeFileSync(join(path, name), how(readFileSync(join(path, name))));
    };
    const flip = (place: number) =>
      change((bytes) => {
        bytes[Math.floor(place * (bytes.length - 1))]! ^= 4;
        return bytes;
      });
    return [
      [`${name} cut in half`, change((bytes) => bytes.subarray(0, bytes.length / 2))],
      [`${name} emptied`, change(() => Buffer.alloc(0))],
      [`${name} all zeros, as after a crash of the system`, change((bytes) => Buffer.alloc(bytes.length))],
      [`${name} with a byte more`, change((bytes) => Buffer.concat([bytes, Buffer.from([0])]))],
      [`${name} missing`, (path: string) => rmSync(join(path, name))],
      ...[0, 0.1, 0.3, 0.5, 0.7, 0.9, 1].map(
        (place) => [`${name} flipped at ${place}`, flip(place)] as [string, (path: string) => void],
      ),
    ] as [string, (path: string) => void][];
  });
  for (const [index, [what, how]] of spoil.entries()) {
    const from = await copy(`spoiled-${index}`);
    const newest = (await checkpoints(from))[0]!.path;
    how(newest);
    const net = network();
    const warnings = await resumed(net, from);
    assert.equal(warnings.length, 1, what);
    assert.match(warnings[0]!, /^resume: from: expected .* An older checkpoint is taken: .*-step-0000000012\.$/);
    assert.ok(warnings[0]!.includes(basename(newest)), warnings[0]);
    assert.deepEqual(numbers(net), numbers(whole), what);
    const names = readdirSync(from).sort();
    assert.ok(names.includes(basename(newest)), "what is spoiled stays for whoever wants to look at it");
    assert.ok(names.includes(`${basename(newest)}-2`), "and a new one lies beside it");
  }
});

test("where all checkpoints are spoiled, the error says what is wrong with the newest, and the model stays as it was", async () => {
  const from = await copy("all-spoiled");
  for (const { path } of await checkpoints(from)) writeFileSync(join(path, "weights.safetensors"), "x");
  const net = network();
  const before = numbers(net);
  await assert.rejects(resume(net, points(), { ...options(), from }), (error: Error) => {
    assert.ok(error instanceof FileError);
    assert.match(
      error.message,
      /got 4 that cannot be used\. The newest: resume: from: expected .*0015.weights\.safetensors of \d+ bytes, got 1 bytes\./,
    );
    return true;
  });
  assert.deepEqual(numbers(net), before);
});

test("a checkpoint of another program, or of a later Nabla, is told from a torn one", async () => {
  const from = await copy("foreign");
  const [newest] = await checkpoints(from);
  const file = join(newest!.path, "checkpoint.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace('"version":1', '"version":2'));
  await assert.rejects(
    resume(network(), points(), { ...options(), from: newest!.path }),
    /resume: from: expected version 1 of .*checkpoint\.json, got 2\. A later Nabla may have made it\./,
  );
  writeFileSync(file, JSON.stringify({ epoch: 3, model: "resnet" }));
  await assert.rejects(
    resume(network(), points(), { ...options(), from: newest!.path }),
    /a manifest of "nabla checkpoint" in/,
  );
  writeFileSync(file, text.replace(/"learningRate":[\d.]+/, '"learningRate":5'));
  await assert.rejects(resume(network(), points(), { ...options(), from: newest!.path }), /a content with SHA-256/);
});

test("keep never takes the last good checkpoint, also where a spoiled one of a later step lies beside it", async () => {
  const from = await copy("keep");
  for (const { path, step } of await checkpoints(from)) if (step > 8) writeFileSync(join(path, "checkpoint.json"), "");
  const found: Promise<number>[] = [];
  const observer = { onStep: () => void found.push(checkpoints(from).then((all) => all.length)) };
  await resumed(network(), from, { observers: [observer], checkpoint: { directory: from, every: 2, keep: 1 } });
  for (const number of await Promise.all(found)) assert.ok(number > 0);
  assert.deepEqual(
    (await checkpoints(from)).map(({ step }) => step),
    [15],
  );
});

test("a full disk ends the run with a typed error, and loses neither checkpoints, weights nor history", async () => {
  const whole = network();
  await fit(whole, points(), options());
  const from = join(folder, "full");
  const net = network();
  const run = steps(net, points(), { ...options(), checkpoint: { directory: from, every: 4, keep: 1 } });
  for (let step = 0; step < 6; step++) await run.next();
  while ((await checkpoints(from)).length === 0) await setImmediate();
  const before = (await checkpoints(from)).map(({ path }) => path);
  await assert.rejects(
    withFullDisk(1500, async () => {
      for await (const _ of run);
    }),
    (error: Error) => {
      assert.ok(error instanceof FileError, String(error));
      assert.match(
        error.message,
        /fit: checkpoint: expected room on the disk for .*0000000008, got a full disk \(ENOSPC\)\. Earlier/,
      );
      return true;
    },
  );
  assert.deepEqual(
    (await checkpoints(from)).map(({ path }) => path),
    before,
  );
  assert.deepEqual(hidden(from), [], "nothing half written is left");
  assert.ok(history(net).steps.length >= 8);
  const other = network();
  await resumed(other, from);
  await resume(net);
  assert.deepEqual(numbers(net), numbers(whole), "in the same process it goes on where it was");
  assert.deepEqual(numbers(other), numbers(whole), "and in another from the checkpoint before");
});

test("a full disk at the very end is an error, too, and resume saves the end", async () => {
  const from = join(folder, "full-end");
  const net = network();
  const chosen = { ...options(), checkpoint: { directory: from, every: 1000 } };
  await assert.rejects(
    withFullDisk(0, () => fit(net, points(), chosen)),
    /got a full disk/,
  );
  assert.deepEqual(await checkpoints(from), []);
  await resume(net);
  assert.deepEqual(
    (await checkpoints(from)).map(({ step }) => step),
    [15],
  );
});

test("a stop on a full disk stays a stop", async () => {
  const warn = mock.method(console, "warn", () => {});
  const controller = new AbortController();
  const observers = [{ onStep: ({ step }: { step: number }) => step === 3 && controller.abort() }];
  const chosen = {
    ...options(),
    observers,
    signal: controller.signal,
    checkpoint: { directory: join(folder, "stop") },
  };
  await assert.rejects(
    withFullDisk(0, () => fit(network(), points(), chosen)),
    /fit: expected 15 steps .* got a stop after 3/,
  );
  assert.match(String(warn.mock.calls[0]?.arguments[0]), /fit: checkpoint: .* got a full disk/);
  warn.mock.restore();
});

test("a file where the folder should be is said", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "mine");
  const chosen = { ...options(), checkpoint: { directory: path, every: 1 } };
  await assert.rejects(
    fit(network(), points(), chosen),
    /fit: checkpoint: expected a folder for .*, got a file in its way/,
  );
  assert.equal(readFileSync(path, "utf8"), "mine");
});

test("what a killed process left half written goes when its run goes on; what others write stays", async () => {
  const from = await copy("leftovers");
  const [newest] = await checkpoints(from);
  const run = newest!.run;
  // Process numbers end below this one.
  const dead = `.${run}-step-0000000016.4194399-0a1b2c3d-0.tmp`;
  const alive = `.${run}-step-0000000016.${process.ppid}-0a1b2c3d-0.tmp`;
  const other = ".20260101-000000-abcdef-step-0000000016.4194399-0a1b2c3d-0.tmp";
  for (const name of [dead, alive, other]) mkdirSync(join(from, name));
  await resumed(network(), from);
  assert.deepEqual(hidden(from).sort(), [alive, other].sort());
});
