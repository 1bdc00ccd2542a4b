import assert from "node:assert/strict";
import { test } from "node:test";
import { RuntimeError, ShapeError } from "../../../src/errors.js";
import type { Attribute } from "../../../src/runtime/attributes.js";
import { Attr } from "../../../src/runtime/attributes.js";
import type { Binding } from "../../../src/runtime/binding.js";
import { TF } from "../../../src/runtime/dtypes.js";
import * as tf from "../../../src/runtime/tf.js";

const binding = (tf.backend() as unknown as { binding: Binding }).binding;

function run(name: string, attributes: Attribute[], inputs: number[], outputs = 1) {
  return binding.executeOp(name, attributes, inputs, outputs);
}

function read(name: string, attributes: Attribute[], inputs: number[]): unknown {
  return binding.tensorDataSync(run(name, attributes, inputs)[0]?.id as number);
}

function type(name: string, value: number | number[]): Attribute {
  return { name, type: Attr.TYPE, value };
}

test("numbers of every type go in and come out as they were", () => {
  const cases: [number, unknown][] = [
    [TF.FLOAT, Float32Array.of(1.5, Number.NaN, Number.NEGATIVE_INFINITY, -0)],
    [TF.DOUBLE, Float64Array.of(1 / 3, 2, 3, 4)],
    [TF.INT32, Int32Array.of(1, -(2 ** 31), 2 ** 31 - 1, 0)],
    [TF.UINT8, Uint8Array.of(0, 127, 128, 255)],
    [TF.INT16, Int16Array.of(-32768, 0, 1, 32767)],
    [TF.INT8, Int8Array.of(-128, 0, 1, 127)],
    [TF.INT64, BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n, 0n, 1n)],
    [TF.BOOL, Uint8Array.of(0, 1, 1, 0)],
    [TF.UINT16, Uint16Array.of(0, 1, 2, 65535)],
    [TF.UINT32, Uint32Array.of(0, 1, 2, 2 ** 32 - 1)],
    [TF.UINT64, BigUint64Array.of(0n, 1n, 2n, 2n ** 64n - 1n)],
    [TF.HALF, Uint16Array.of(0x3c00, 0, 0x7c00, 1)],
    [TF.BFLOAT16, Uint16Array.of(0x3f80, 0, 1, 2)],
  ];
  for (const [dtype, values] of cases) {
    const id = binding.createTensor([2, 2], dtype, values as Float32Array);
    assert.deepEqual(binding.tensorDataSync(id), values);
    const [copy] = run("Identity", [type("T", dtype)], [id]);
    assert.deepEqual({ ...copy, id: 0 }, { id: 0, shape: [2, 2], dtype });
    assert.deepEqual(binding.tensorDataSync(copy?.id as number), values);
  }
});

test("complex numbers are pairs", () => {
  const id = binding.createTensor([2], TF.COMPLEX64, Float32Array.of(1, 2, 3, 4));
  assert.deepEqual(read("Imag", [type("T", TF.COMPLEX64), type("Tout", TF.FLOAT)], [id]), Float32Array.of(2, 4));
});

test("int64 is also taken as pairs of int32, as tfjs-node writes it", () => {
  const id = binding.createTensor([2], TF.INT64, Int32Array.of(5, 0, -7, -1));
  assert.deepEqual(binding.tensorDataSync(id), BigInt64Array.of(5n, -7n));
});

test("plain numbers are converted to the type of the tensor", () => {
  const id = binding.createTensor([3], TF.INT64, [1, 2, 3]);
  assert.deepEqual(binding.tensorDataSync(id), BigInt64Array.of(1n, 2n, 3n));
  assert.deepEqual(binding.tensorDataSync(binding.createTensor([2], TF.BOOL, [true, false])), Uint8Array.of(1, 0));
});

test("strings of any length and bytes go in and come out", () => {
  const strings = ["", "short", "x".repeat(22), "x".repeat(23), "∇é", "y".repeat(100_000)].map((text) =>
    Buffer.from(text),
  );
  strings.push(Buffer.from([0, 255, 0]));
  const id = binding.createTensor([7], TF.STRING, strings);
  const bytes = (values: unknown) => (values as Uint8Array[]).map((value) => Buffer.from(value));
  assert.deepEqual(bytes(binding.tensorDataSync(id)), strings);
  assert.deepEqual(bytes(read("Identity", [type("T", TF.STRING)], [id])), strings);
  assert.deepEqual(bytes(binding.tensorDataSync(binding.createTensor([], TF.STRING, [Buffer.from("scalar")]))), [
    Buffer.from("scalar"),
  ]);
  assert.deepEqual(bytes(binding.tensorDataSync(binding.createTensor([0, 3], TF.STRING, []))), []);
});

test("strings given to TensorFlow are freed with their tensor", () => {
  const megabytes = () => process.memoryUsage.rss() / 2 ** 20;
  const text = [Buffer.alloc(2 ** 20, "z")];
  const once = () => binding.deleteTensor(binding.createTensor([1], TF.STRING, text));
  for (let i = 0; i < 20; i++) once();
  const before = megabytes();
  for (let i = 0; i < 400; i++) once();
  assert.ok(megabytes() - before < 150, `${megabytes() - before} MB more after 400 strings of 1 MB`);
});

test("empty tensors and scalars work", () => {
  assert.deepEqual(
    binding.tensorDataSync(binding.createTensor([0, 4], TF.FLOAT, new Float32Array(0))),
    new Float32Array(0),
  );
  assert.deepEqual(binding.tensorDataSync(binding.createTensor([], TF.FLOAT, Float32Array.of(7))), Float32Array.of(7));
});

test("a resource is held by its handle", () => {
  const attributes: Attribute[] = [
    type("dtype", TF.FLOAT),
    { name: "shape", type: Attr.SHAPE, value: [2] },
    { name: "shared_name", type: Attr.STRING, value: "nabla-test" },
  ];
  const [resource] = run("VarHandleOp", attributes, []);
  assert.equal(resource?.dtype, TF.RESOURCE);
  const id = resource?.id as number;
  run("AssignVariableOp", [type("dtype", TF.FLOAT)], [id, binding.createTensor([2], TF.FLOAT, [3, 4])], 0);
  assert.deepEqual(read("ReadVariableOp", [type("dtype", TF.FLOAT)], [id]), Float32Array.of(3, 4));
  assert.ok((binding.tensorDataSync(id) as Uint8Array).length > 0);
});

test("values that do not fill the shape are refused", () => {
  assert.throws(
    () => binding.createTensor([2, 2], TF.FLOAT, Float32Array.of(1, 2, 3)),
    (error: Error) =>
      error instanceof ShapeError &&
      error.message === "tensor: expected 4 values for float32 [2, 2], got 3 values of Float32Array.",
  );
  assert.throws(() => binding.createTensor([2], TF.STRING, [Buffer.from("a")]), ShapeError);
  assert.throws(() => binding.createTensor([1], TF.STRING, ["text" as unknown as Uint8Array]), ShapeError);
});

test("tensors are counted, and a number is good for one life", () => {
  const before = binding.getNumOfTensors();
  const id = binding.createTensor([1], TF.FLOAT, [1]);
  assert.equal(binding.getNumOfTensors(), before + 1);
  binding.deleteTensor(id);
  assert.equal(binding.getNumOfTensors(), before);
  for (const use of [() => binding.deleteTensor(id), () => binding.tensorDataSync(id), () => run("Relu", [], [id])]) {
    assert.throws(use, (error: Error) => error instanceof RuntimeError && error.message.includes(`number ${id}`));
  }
});

test("what is done to an operation's answer does not change the tensor", () => {
  const [answer] = run("Identity", [type("T", TF.STRING)], [binding.createTensor([1], TF.STRING, [Buffer.from("a")])]);
  if (answer) answer.dtype = TF.UINT8;
  assert.deepEqual((binding.tensorDataSync(answer?.id as number) as Uint8Array[])[0], Uint8Array.of(97));
});

test("an operation with several outputs gives them all", () => {
  const id = binding.createTensor([5], TF.FLOAT, [3, 1, 2, 5, 4]);
  const k = binding.createTensor([], TF.INT32, [2]);
  const outputs = run("TopKV2", [type("T", TF.FLOAT), { name: "sorted", type: Attr.BOOL, value: true }], [id, k], 2);
  assert.deepEqual(
    outputs.map(({ id }) => binding.tensorDataSync(id)),
    [Float32Array.of(5, 4), Int32Array.of(3, 4)],
  );
  const many = binding.createTensor(
    [200],
    TF.FLOAT,
    Array.from({ length: 200 }, (_, i) => i),
  );
  const split = run("Unpack", [type("T", TF.FLOAT), { name: "num", type: Attr.INT, value: 200 }], [many], 200);
  assert.deepEqual(binding.tensorDataSync(split[199]?.id as number), Float32Array.of(199));
});

test("the version and the constants of the C++ addon are there", () => {
  assert.equal(binding.TF_Version, "2.21.0");
  assert.deepEqual([binding.TF_FLOAT, binding.TF_RESOURCE, binding.TF_ATTR_SHAPE], [1, 20, 5]);
  assert.equal(binding.isUsingGpuDevice(), false);
});
