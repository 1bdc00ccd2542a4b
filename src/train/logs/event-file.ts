/** TensorBoard's files: TFRecords of `Event` messages (`tensorflow/core/util/event.proto`, `framework/summary.proto`). */
import { bytesHead, varintField } from "../../runtime/proto.js";
import { maskedCrc32c } from "./crc32c.js";
import type { Histogram } from "./histogram.js";

/** A value with a name. */
export type Summary = { readonly tag: string } & ({ readonly scalar: number } | { readonly histogram: Histogram });

/** The record that begins a file, at a time in seconds. */
export function versionRecord(time: number): Uint8Array {
  return record([...doubleField(1, time), ...stringField(3, "brain.Event:2")]);
}

/** The record of a run that goes on, whose first step is this one: readers forget what was told of it and of later ones. */
export function restartRecord(step: number, time: number): Uint8Array {
  const started = varintField(1, 1);
  return record([...doubleField(1, time), ...varintField(2, step), ...messageField(7, started)]);
}

/** A record of values after a step, at a time in seconds. */
export function summaryRecord(step: number, time: number, summaries: readonly Summary[]): Uint8Array {
  const values = summaries.flatMap((summary) => messageField(1, value(summary)));
  return record([...doubleField(1, time), ...varintField(2, step), ...messageField(5, values)]);
}

function value(summary: Summary): number[] {
  const tag = stringField(1, summary.tag);
  if ("scalar" in summary) return [...tag, ...floatField(2, summary.scalar)];
  const { min, max, count, sum, sumOfSquares, limits, counts } = summary.histogram;
  const numbers = [min, max, count, sum, sumOfSquares].flatMap((number, index) => doubleField(index + 1, number));
  return [...tag, ...messageField(5, [...numbers, ...doublesField(6, limits), ...doublesField(7, counts)])];
}

/** Length, its checksum, the bytes, their checksum. */
function record(message: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(message.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(message, 12);
  view.setUint32(message.length + 12, maskedCrc32c(bytes.subarray(12, message.length + 12)), true);
  return bytes;
}

function messageField(field: number, bytes: readonly number[]): number[] {
  return [...bytesHead(field, bytes.length), ...bytes];
}

function stringField(field: number, text: string): number[] {
  return messageField(field, [...Buffer.from(text)]);
}

function doublesField(field: number, values: readonly number[]): number[] {
  return messageField(field, [...new Uint8Array(Float64Array.from(values).buffer)]);
}

function doubleField(field: number, value: number): number[] {
  return [field * 8 + 1, ...new Uint8Array(Float64Array.of(value).buffer)];
}

function floatField(field: number, value: number): number[] {
  return [field * 8 + 5, ...new Uint8Array(Float32Array.of(value).buffer)];
}
