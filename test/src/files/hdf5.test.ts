import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FileError } from "../../../src/errors.js";
import { readHdf5 } from "../../../src/files/hdf5.js";
import { unzip } from "../../../src/files/zip.js";
import { root } from "../../root.js";

/** Written by h5py for Keras 3.15: test/fixtures/keras-weights.py. Its archive has checksums, HDF5 has none. */
const archive = readFileSync(join(root, "test/fixtures/keras/functional.keras"));
const good = unzip("test", "functional.keras", archive).get("model.weights.h5")!;

test("arrays are found by their paths, with their shapes", () => {
  const shapes = [...readHdf5("test", "good", good)].map(([path, { dtype, shape }]) => `${path} ${dtype} [${shape}]`);
  assert.deepEqual(shapes.filter((one) => one.startsWith("layers/dense/")).sort(), [
    "layers/dense/vars/0 F32 [4,6]",
    "layers/dense/vars/1 F32 [6]",
  ]);
});

test("a file that is cut or has a wrong bit is read or refused, whatever its bytes point at", () => {
  const look = (bytes: Uint8Array, what: string): boolean => {
    try {
      readHdf5("test", "bad", bytes);
      return true;
    } catch (error) {
      assert.ok(error instanceof FileError, `${what}: ${error}`);
      return false;
    }
  };
  assert.ok(look(good, "good"));
  let refused = 0;
  for (let length = 0; length < good.length; length += 61) {
    if (!look(good.subarray(0, length), `cut at ${length}`)) refused++;
  }
  assert.ok(refused > 0);
  for (let byte = 0; byte < good.length; byte++) {
    for (const bit of [1, 16, 128]) {
      const bad = Uint8Array.from(good);
      bad[byte]! ^= bit;
      look(bad, `bit ${bit} of byte ${byte}`);
    }
  }
});

test("what points beyond the end says from where", () => {
  const cut = good.subarray(0, good.length - 1);
  assert.throws(() => readHdf5("load", "cut.h5", cut), /load: expected .* in cut\.h5, got /);
});
