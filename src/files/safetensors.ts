/** The safetensors format (huggingface/safetensors, README: "Format"): 8 bytes length, a JSON header, arrays one behind another. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { FileError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import { type Stored, type StoredArrays, type StoredType, widths } from "./stored.js";
import { refused } from "./write-whole.js";

/** What such a file holds. */
export interface Safetensors {
  readonly arrays: StoredArrays;
  /** Texts by name, what the file says of itself. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The header's key for the texts. */
const metadataKey = "__metadata__";

/** As in the reference implementation. */
const longestHeader = 100_000_000;

/** Bytes that are read before others get their turn. */
const piece = 16 * 2 ** 20;

/** The file as chunks of bytes: the header, then each array's own, not copied. */
export function encodeSafetensors(arrays: StoredArrays, metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { [metadataKey]: metadata };
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of arrays) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  // Spaces, so that the arrays begin at a multiple of 8, as the reference implementation has it.
  const padding = Buffer.alloc((8 - (text.length % 8)) % 8, " ");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length + padding.length));
  return [Buffer.concat([length, text, padding]), ...[...arrays.values()].map(({ bytes }) => bytes)];
}

/**
 * Reads a whole file, and checks all that can be checked. `expected`: its length and SHA-256, where they are known. Throws FileError.
 */
export async function readSafetensors(
  what: string,
  path: string,
  expected?: { readonly bytes: number; readonly sha256: string },
): Promise<Safetensors> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (cause) {
    throw refused(what, path, cause);
  }
  try {
    return await readOpen(what, path, file, expected);
  } catch (cause) {
    throw refused(what, path, cause);
  } finally {
    await file.close();
  }
}

async function readOpen(
  what: string,
  path: string,
  file: FileHandle,
  expected: { readonly bytes: number; readonly sha256: string } | undefined,
): Promise<Safetensors> {
  const { size } = await file.stat();
  if (expected !== undefined && size !== expected.bytes) {
    throw new FileError({ what, expected: `${path} of ${expected.bytes} bytes`, got: `${size} bytes` });
  }
  const complain = (expected: string, got: string) => new FileError({ what, expected: `${expected} in ${path}`, got });
  const hash = createHash("sha256");
  const read = async (length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(piece, length - at));
      if (bytesRead === 0) throw complain(`${length} bytes more`, `its end after ${at}`);
      hash.update(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
    }
    return bytes;
  };
  if (size < 10) throw complain("a safetensors file", `${size} bytes`);
  const length = Number(Buffer.from(await read(8)).readBigUInt64LE());
  if (length > longestHeader || length > size - 8) {
    throw complain("a safetensors header", `a length of ${length} bytes in a file of ${size}`);
  }
  const { metadata, entries } = parseHeader(await read(length), size - 8 - length, complain);
  const arrays = new Map<string, Stored>();
  for (const { name, dtype, shape, bytes } of entries) arrays.set(name, { dtype, shape, bytes: await read(bytes) });
  if (expected !== undefined) {
    const got = hash.digest("hex");
    if (got !== expected.sha256) throw complain(`bytes with SHA-256 ${expected.sha256}`, `others (${got})`);
  }
  return { arrays, metadata };
}

interface Entry {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly bytes: number;
}

type Complain = (expected: string, got: string) => FileError;

/** The entries in the order of their bytes, which cover the rest of the file without gap or overlap. */
function parseHeader(
  bytes: Uint8Array,
  dataLength: number,
  complain: Complain,
): { metadata: Record<string, string>; entries: Entry[] } {
  const header = parseObject(bytes, complain);
  const metadata: Record<string, string> = {};
  const placed: (Entry & { readonly begin: number; readonly end: number })[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name !== metadataKey) {
      placed.push(parseEntry(name, value, complain));
      continue;
    }
    for (const [key, text] of Object.entries(isObject(value) ? value : {})) {
      if (typeof text === "string") metadata[key] = text;
    }
  }
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const { name, begin, end: next } of placed) {
    if (begin !== end) throw complain(`'${name}' to begin at byte ${end} of the arrays`, `${begin}`);
    end = next;
  }
  if (end !== dataLength) throw complain(`${end} bytes of arrays, as its header says,`, `${dataLength}`);
  return { metadata, entries: placed };
}

function parseObject(bytes: Uint8Array, complain: Complain): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw complain("a safetensors header", "something else than JSON");
  }
  if (!isObject(header)) throw complain("a safetensors header", "JSON that is no object");
  return header;
}

function parseEntry(name: string, value: unknown, complain: Complain): Entry & { begin: number; end: number } {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (typeof dtype !== "string" || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw complain(`dtype, shape and data_offsets of '${name}'`, JSON.stringify(value));
  }
  if (!Object.hasOwn(widths, dtype)) {
    throw complain(`'${name}' to be of type ${Object.keys(widths).join(", ")}`, dtype);
  }
  const known = dtype as StoredType;
  const [begin, end] = offsets as [number, number];
  const size = sizeOf(shape) * widths[known];
  if (!Number.isSafeInteger(size) || end - begin !== size) {
    throw complain(`${size} bytes for '${name}', ${dtype} [${shape.join(", ")}],`, `${end - begin}`);
  }
  return { name, dtype: known, shape, bytes: size, begin, end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
