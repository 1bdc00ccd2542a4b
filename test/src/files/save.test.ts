import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FileError, ShapeError, ValueError } from "../../../src/errors.js";
import { encodeSafetensors } from "../../../src/files/safetensors.js";
import { store } from "../../../src/files/stored.js";
import * as nn from "../../../src/nn/index.js";
import { load, save } from "../../../src/train/index.js";
import { temporaryFolder } from "../folder.js";
import { withFullDisk } from "../full-disk.js";
import { numbers } from "../train/small.js";

const folder = temporaryFolder();

function network(seed: number, units = 4) {
  nn.seed(seed);
  return nn.sequential(nn.input(3), nn.dense(units), nn.batchNorm(), nn.relu(), nn.dense(2));
}

test("a model's weights go into a file and into another model, bit for bit", async () => {
  const file = join(folder, "weights.safetensors");
  const [from, to] = [network(1), network(2)];
  from.parameters[0]!.variable.assign(from.parameters[0]!.variable.mul(1e-30).mul(1e-12));
  await save(from, file);
  assert.notDeepEqual(numbers(to), numbers(from));
  const { loaded, missing, unused } = await load(to, file);
  assert.deepEqual(numbers(to), numbers(from));
  assert.deepEqual([loaded, missing, unused], [from.parameters.map(({ path }) => path), [], []]);
});

test("a later save replaces the file, and leaves nothing beside it", async () => {
  await save(network(1), join(folder, "again.safetensors"));
  await save(network(2), join(folder, "again.safetensors"));
  const net = network(3);
  await load(net, join(folder, "again.safetensors"));
  assert.deepEqual(numbers(net), numbers(network(2)));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
  await assert.rejects(save(net, join(folder, "no-such-folder", "x")), (error: Error) => {
    assert.ok(error instanceof FileError);
    assert.match(
      error.message,
      /save: expected a file, or a folder to put it into, at .*no-such-folder.x, got none \(ENOENT\)\. The file/,
    );
    return true;
  });
});

test("of many saves at once one stays, whole", async () => {
  const file = join(folder, "race.safetensors");
  const nets = Array.from({ length: 12 }, (_, seed) => network(seed));
  await Promise.all(nets.map((net) => save(net, file)));
  const net = network(99);
  await load(net, file);
  assert.ok(nets.some((one) => JSON.stringify(numbers(one)) === JSON.stringify(numbers(net))));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
});

test("on a full disk a typed error says so, and the file before stays", async () => {
  const file = join(folder, "full.safetensors");
  await save(network(1), file);
  const before = readFileSync(file);
  for (const room of [0, 7, 100, before.length - 1]) {
    await assert.rejects(
      withFullDisk(room, () => save(network(2), file)),
      (error: Error) => {
        assert.ok(error instanceof FileError);
        assert.match(
          error.message,
          /save: expected room on the disk for .*full\.safetensors, got a full disk \(ENOSPC\)/,
        );
        return true;
      },
    );
    assert.deepEqual(readFileSync(file), before);
  }
  await assert.rejects(
    withFullDisk(9, () => save(network(2), file), "EDQUOT"),
    /got a quota that is used up/,
  );
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
});

test("a file in which a bit is flipped is refused, wherever it is, and the model stays as it was", async () => {
  const file = join(folder, "flipped.safetensors");
  await save(network(1), file);
  const good = readFileSync(file);
  const net = network(2);
  const before = numbers(net);
  for (let byte = 0; byte < good.length; byte += 5) {
    const bad = Buffer.from(good);
    bad[byte]! ^= 1 << (byte % 8);
    writeFileSync(file, bad);
    await assert.rejects(load(net, file), (error: Error) => {
      // A name that is changed is a name that the model has not.
      assert.ok(error instanceof FileError || error instanceof ValueError, `byte ${byte}: ${error}`);
      return true;
    });
    assert.deepEqual(numbers(net), before);
  }
  for (const length of [0, 8, 100, good.length - 1]) {
    writeFileSync(file, good.subarray(0, length));
    await assert.rejects(load(net, file), FileError);
  }
});

test("weights of another model are refused by name, and nothing of them is taken", async () => {
  const file = join(folder, "other.safetensors");
  await save(network(1, 5), file);
  const net = network(2);
  const before = numbers(net);
  await assert.rejects(load(net, file), (error: Error) => {
    assert.ok(error instanceof ShapeError);
    assert.match(error.message, /load: layers\.0\.weight: expected \[3, 4\], got \[3, 5\] from 'layers\.0\.weight'/);
    return true;
  });
  await save(nn.sequential(nn.input(3), nn.dense(4)), file);
  await assert.rejects(load(net, file), {
    name: "ValueError",
    message:
      `load: expected 'layers.1.weight', 'layers.1.bias', 'layers.1.movingMean' and 3 more of sequential in ${file}, ` +
      "got nothing there. Say which is which: train.load(net, file, { names: (theirs) => ours }), or take what fits: { strict: false }.",
  });
  await save(network(1), file);
  await assert.rejects(
    load(nn.sequential(nn.input(3), nn.dense(4)), file),
    /got 'layers\.1\.weight', .* and 3 more as well/,
  );
  assert.deepEqual(numbers(net), before);
});

test("strict: false takes what fits, and tells what does not", async () => {
  const file = join(folder, "part.safetensors");
  const part = nn.sequential(nn.input(3), nn.dense(4));
  await save(part, file);
  const net = network(2);
  const last = numbers(net).slice(-10);
  const told = await load(net, file, { strict: false });
  assert.deepEqual(told.loaded, ["layers.0.weight", "layers.0.bias"]);
  assert.equal(told.missing.length, 6);
  assert.deepEqual(numbers(net).slice(0, 16), numbers(part));
  assert.deepEqual(numbers(net).slice(-10), last);
});

test("names says what is what, and what is left out", async () => {
  const file = join(folder, "names.safetensors");
  const arrays = new Map([
    [
      "encoder/kernel",
      store(
        [3, 4],
        Float32Array.from({ length: 12 }, (_, i) => i),
      ),
    ],
    ["encoder/offset", store([4], Float32Array.of(1, 2, 3, 4))],
    ["global_step", store([], Int32Array.of(7))],
  ]);
  writeFileSync(file, Buffer.concat(encodeSafetensors(arrays)));
  const net = nn.sequential(nn.input(3), nn.dense(4));
  const ours: Record<string, string> = { "encoder/kernel": "layers.0.weight", "encoder/offset": "layers.0.bias" };
  const told = await load(net, file, { layout: "nabla", names: (theirs) => ours[theirs] });
  assert.deepEqual(told.unused, ["global_step"]);
  assert.deepEqual(numbers(net), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 3, 4]);
  await assert.rejects(
    load(net, file, { layout: "nabla", names: () => "layers.0.bias" }),
    /load: names: expected one weight for 'layers\.0\.bias', got 'encoder\/kernel' and 'encoder\/offset'/,
  );
  await assert.rejects(load(net, file, { names: (() => 3) as never }), /expected a name for 'encoder\/kernel', got 3/);
});

test("numbers that are no weights, and arguments that are none, are refused", async () => {
  const file = join(folder, "kind.safetensors");
  const net = nn.sequential(nn.input(1), nn.dense(1, { bias: false }));
  writeFileSync(
    file,
    Buffer.concat(encodeSafetensors(new Map([["layers.0.weight", store([1, 1], Int32Array.of(1))]]))),
  );
  await assert.rejects(load(net, file), /load: layers\.0\.weight: expected floating-point numbers, got I32 from/);
  await assert.rejects(load(net, 3 as never), /load: expected the path of a file, got 3/);
  await assert.rejects(load(file as never, file), /load: expected a model, got "/);
  await assert.rejects(save(net, ""), /save: expected the path of a file, got ""/);
  await assert.rejects(load(net, file, { name: 3 } as object), /Did you mean 'names'\?/);
  await assert.rejects(
    load(net, file, { layout: "torch" as never }),
    /load: layout: expected "nabla" or "pytorch", got "torch"/,
  );
  await assert.rejects(
    load(net, file, { names: "x" as never }),
    /load: names: expected a function of their name, got "x"/,
  );
});
