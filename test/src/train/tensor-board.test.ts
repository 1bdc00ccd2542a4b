import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FileError, ValueError } from "../../../src/errors.js";
import { fit, tensorBoard } from "../../../src/train/index.js";
import { crc32c, maskedCrc32c } from "../../../src/train/logs/crc32c.js";
import { restartRecord, summaryRecord, versionRecord } from "../../../src/train/logs/event-file.js";
import { histogramOf } from "../../../src/train/logs/histogram.js";
import { root } from "../../root.js";
import { network, options, points } from "./small.js";

// Made by test/fixtures/events.py with TensorFlow 2.21.
const oracle = JSON.parse(readFileSync(join(root, "test/fixtures/events.json"), "utf8")) as {
  readonly values: readonly number[];
  readonly scalars: readonly (readonly [string, number | null])[];
  readonly bytes: string;
};

const folder = () => mkdtempSync(join(tmpdir(), "nabla-events-"));

test("checksums are those of RFC 3720, B.4", () => {
  const counted = (value: (index: number) => number) => Uint8Array.from({ length: 32 }, (_, index) => value(index));
  assert.equal(crc32c(counted(() => 0)), 0x8a9136aa);
  assert.equal(crc32c(counted(() => 255)), 0x62a8ab43);
  assert.equal(crc32c(counted((index) => index)), 0x46dd794e);
  assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
  assert.equal(maskedCrc32c(new Uint8Array(0)), 0xa282ead8);
});

test("versions, scalars, histograms and restarts are, byte by byte, what TensorFlow writes", () => {
  const scalars = oracle.scalars.map(([tag, scalar]) => ({ tag, scalar: scalar ?? Number.NaN }));
  const ours = Buffer.concat([
    versionRecord(1700000000.25),
    summaryRecord(1, 1700000001.5, scalars),
    summaryRecord(300, 1700000002.75, [{ tag: "weights/layers.0.weight", histogram: histogramOf(oracle.values) }]),
    summaryRecord(3_000_000_000, 1700000003, scalars.slice(0, 1)),
    restartRecord(301, 1700000003.5),
  ]);
  assert.equal(ours.toString("base64"), oracle.bytes);
});

/** The payloads of a TFRecord file, its checksums checked. */
function payloads(path: string): Buffer[] {
  const bytes = readFileSync(path);
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const payload = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(bytes.readUInt32LE(at + 8), maskedCrc32c(bytes.subarray(at, at + 8)));
    assert.equal(bytes.readUInt32LE(at + 12 + length), maskedCrc32c(payload));
    found.push(payload);
    at += length + 16;
  }
  return found;
}

test("a run is a file of one event a step and one an epoch, in a folder that is made", async () => {
  const directory = join(folder(), "runs", "a");
  const board = tensorBoard(directory);
  await fit(network(), points(), { ...options(), statistics: 100, observers: [board] });
  const names = readdirSync(directory);
  assert.match(names.join(), /^events\.out\.tfevents\.\d{10,}\..+\.\d+\.\d+$/);
  const records = payloads(join(directory, names[0]!));
  assert.equal(records.length, 1 + 15 + 3 + 1);
  const text = (index: number) => records[index]!.toString("latin1");
  assert.match(text(0), /brain\.Event:2/);
  for (const tag of [
    "loss/batch",
    "accuracy/batch",
    "optimizer/learningRate",
    "optimizer/gradientNorm",
    "speed/examplesPerSecond",
  ]) {
    assert.ok(text(1).includes(tag), tag);
  }
  for (const tag of ["updateRatio/layers.0.weight", "weightNorm/layers.3.bias"]) assert.ok(text(2).includes(tag), tag);
  for (const tag of ["loss/epoch", "accuracy/epoch", "loss/validation", "accuracy/validation"]) {
    assert.ok(text(7).includes(tag), tag);
  }
  board.scalar("my/score", 0.5, 15);
  board.histogram("my/values", [1, 2, Number.NaN, Infinity], 15);
  board.flush();
  assert.equal(payloads(join(directory, names[0]!)).length, 22);
  await fit(network(), points(), { ...options(), observers: [tensorBoard(directory)] });
  assert.equal(readdirSync(directory).length, 2, "another observer has a file of its own");
});

test("what TensorBoard could not show is refused, and so is a folder that cannot be written", async () => {
  assert.throws(() => tensorBoard(7 as never), /tensorBoard: expected the path of a folder, got 7/);
  const board = tensorBoard(folder());
  assert.throws(() => board.scalar("", 1, 1), /scalar: expected a tag like "loss\/batch", got ""/);
  assert.throws(() => board.scalar("a", "1" as never, 1), ValueError);
  assert.throws(() => board.histogram("a", [1], -1), /histogram 'a': step: expected a whole number from 0, got -1/);
  const file = join(folder(), "file");
  writeFileSync(file, "");
  await assert.rejects(
    fit(network(), points(), { ...options(), observers: [tensorBoard(join(file, "runs"))] }),
    FileError,
  );
});
