import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FileError } from "../../../src/errors.js";
import { encodeSafetensors, readSafetensors } from "../../../src/files/safetensors.js";
import {
  doublesOf,
  floatsOf,
  integersOf,
  type Stored,
  type StoredType,
  store,
  transposed,
} from "../../../src/files/stored.js";
import { temporaryFolder } from "../folder.js";

const folder = temporaryFolder();
const file = join(folder, "file.safetensors");

function put(header: unknown, data: Uint8Array = new Uint8Array(0), length?: bigint): void {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(text.length));
  writeFileSync(file, Buffer.concat([start, text, data]));
}

test("arrays of every kind come back as they went, NaN and −0 included", async () => {
  const arrays = new Map<string, Stored>([
    ["weights", store([2, 2], Float32Array.of(1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY))],
    ["sums", store([1], Float64Array.of(1 / 3))],
    ["tokens", store([3], Int32Array.of(-1, 0, 2 ** 31 - 1))],
    ["flags", store([2], Uint8Array.of(1, 0))],
    ["nothing", store([0, 4], new Float32Array(0))],
    ["a scalar, named ∇", store([], Float32Array.of(7))],
  ]);
  writeFileSync(file, Buffer.concat(encodeSafetensors(arrays, { format: "nabla", note: "∇" })));
  const back = await readSafetensors("test", file);
  assert.deepEqual(back.metadata, { format: "nabla", note: "∇" });
  assert.deepEqual(new Map(back.arrays), arrays);
  assert.ok(Object.is(floatsOf(back.arrays.get("weights")!)[1], -0));
  assert.equal(doublesOf(back.arrays.get("sums")!)[0], 1 / 3);
  assert.deepEqual(integersOf(back.arrays.get("tokens")!), Int32Array.of(-1, 0, 2 ** 31 - 1));
});

test("the first array begins at a multiple of 8 bytes", () => {
  for (const name of ["a", "ab", "abc", "abcd"]) {
    const [header] = encodeSafetensors(new Map([[name, store([1], Float32Array.of(1))]]));
    assert.equal(header!.length % 8, 0);
  }
});

test("numbers of other widths become float32, exactly where they can", () => {
  const bytes = (values: ArrayBufferView) => new Uint8Array(values.buffer);
  const kinds: [StoredType, Uint8Array, number[]][] = [
    [
      "F16",
      bytes(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x8000, 0x3555)),
      [1, -2, 2 ** -24, Infinity, -0, 0.333251953125],
    ],
    ["BF16", bytes(Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x3eab)), [1, -2, Infinity, 0.333984375]],
    ["F64", bytes(Float64Array.of(0.5, 1e300)), [0.5, Infinity]],
    ["I64", bytes(BigInt64Array.of(-3n, 1n << 40n)), [-3, 2 ** 40]],
    ["U64", bytes(BigUint64Array.of(1n << 63n)), [2 ** 63]],
    ["U32", bytes(Uint32Array.of(2 ** 32 - 1)), [2 ** 32]],
    ["I16", bytes(Int16Array.of(-300)), [-300]],
    ["U16", bytes(Uint16Array.of(65535)), [65535]],
    ["I8", bytes(Int8Array.of(-128)), [-128]],
    ["U8", Uint8Array.of(255), [255]],
  ];
  for (const [dtype, raw, expected] of kinds) {
    const stored = { dtype, shape: [expected.length], bytes: raw };
    assert.deepEqual(Array.from(floatsOf(stored)), expected, dtype);
  }
  assert.ok(Number.isNaN(floatsOf({ dtype: "F16", shape: [1], bytes: bytes(Uint16Array.of(0x7e00)) })[0]));
});

test("axes are exchanged without looking at the numbers", () => {
  const values = Int32Array.from({ length: 24 }, (_, i) => i);
  const turned = transposed(store([2, 3, 4], values), [2, 0, 1]);
  assert.deepEqual(turned.shape, [4, 2, 3]);
  const expected = Array.from({ length: 24 }, (_, i) => {
    const [a, b, c] = [Math.floor(i / 6), Math.floor(i / 3) % 2, i % 3];
    return b * 12 + c * 4 + a;
  });
  assert.deepEqual(Array.from(integersOf(turned)), expected);
});

const entry = (dtype: string, shape: unknown, from: number, to: number) => ({ dtype, shape, data_offsets: [from, to] });

const broken: readonly (readonly [name: string, write: () => void, message: RegExp])[] = [
  ["an empty file", () => writeFileSync(file, ""), /test: expected a safetensors file in .*, got 0 bytes/],
  [
    "a picture",
    () => writeFileSync(file, Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")),
    /header .* got a length of/,
  ],
  ["a header longer than the file", () => put({}, undefined, 9000n), /got a length of 9000 bytes in a file of 10/],
  ["a header that is no JSON", () => put("{]"), /got something else than JSON/],
  ["a header that is a list", () => put("[]"), /got JSON that is no object/],
  [
    "an entry without a type",
    () => put({ a: { shape: [1], data_offsets: [0, 4] } }, new Uint8Array(4)),
    /dtype, shape and data_offsets of 'a'/,
  ],
  [
    "an unknown type",
    () => put({ a: entry("F4", [1], 0, 4) }, new Uint8Array(4)),
    /'a' to be of type F64, F32, .* got F4/,
  ],
  ["a type named like a method", () => put({ a: entry("toString", [1], 0, 4) }, new Uint8Array(4)), /got toString/],
  ["a negative size", () => put({ a: entry("F32", [-1], 0, 4) }, new Uint8Array(4)), /shape and data_offsets of 'a'/],
  ["a size that is no number", () => put({ a: entry("F32", ["1"], 0, 4) }, new Uint8Array(4)), /of 'a'/],
  [
    "sizes whose product is lost",
    () => put({ a: entry("F32", [2 ** 40, 2 ** 40], 0, 4) }, new Uint8Array(4)),
    /bytes for 'a'/,
  ],
  [
    "fewer bytes than the shape",
    () => put({ a: entry("F32", [2], 0, 4) }, new Uint8Array(4)),
    /expected 8 bytes for 'a', F32 \[2\], .*got 4/,
  ],
  ["a gap", () => put({ a: entry("F32", [1], 4, 8) }, new Uint8Array(8)), /'a' to begin at byte 0 .* got 4/],
  [
    "an overlap",
    () => put({ a: entry("F32", [1], 0, 4), b: entry("F32", [1], 0, 4) }, new Uint8Array(4)),
    /'b' to begin at byte 4 .* got 0/,
  ],
  ["offsets beyond the end", () => put({ a: entry("F32", [2], 0, 8) }, new Uint8Array(4)), /8 bytes of arrays.* got 4/],
  [
    "bytes that nobody claims",
    () => put({ a: entry("F32", [1], 0, 4) }, new Uint8Array(9)),
    /4 bytes of arrays.* got 9/,
  ],
];

for (const [name, write, message] of broken) {
  test(`${name} is refused, by name of the file`, async () => {
    write();
    await assert.rejects(readSafetensors("test", file), (error: Error) => {
      assert.ok(error instanceof FileError, String(error));
      assert.match(error.message, message);
      assert.ok(error.message.includes(file));
      return true;
    });
  });
}

test("a file that is not there, and a folder, are refused", async () => {
  await assert.rejects(
    readSafetensors("test", join(folder, "none")),
    /test: expected a file, or a folder to put it into, at .*none, got none \(ENOENT\)/,
  );
  await assert.rejects(readSafetensors("test", folder), FileError);
});

test("a file of other bytes than were vouched for is refused", async () => {
  put({ a: entry("F32", [1], 0, 4) }, new Uint8Array(4));
  const { size: bytes } = await import("node:fs").then(({ statSync }) => statSync(file));
  await assert.rejects(readSafetensors("test", file, { bytes: bytes + 1, sha256: "" }), /of \d+ bytes, got \d+ bytes/);
  await assert.rejects(
    readSafetensors("test", file, { bytes, sha256: "00" }),
    /bytes with SHA-256 00 in .*, got others/,
  );
});
