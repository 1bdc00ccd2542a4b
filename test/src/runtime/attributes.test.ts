import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueError } from "../../../src/errors.js";
import { Attr, type Attribute } from "../../../src/runtime/attributes.js";
import type { Binding } from "../../../src/runtime/binding.js";
import { TF } from "../../../src/runtime/dtypes.js";
import * as tf from "../../../src/runtime/tf.js";

const binding = (tf.backend() as unknown as { binding: Binding }).binding;
const floats = (...values: number[]) => binding.createTensor([values.length], TF.FLOAT, values);
const strings = (...values: (string | Uint8Array)[]) =>
  binding.createTensor(
    [values.length],
    TF.STRING,
    values.map((value) => Buffer.from(value)),
  );

function attribute(name: string, type: keyof typeof Attr, value: unknown): Attribute {
  return { name, type: Attr[type], value };
}

function run(name: string, attributes: Attribute[], inputs: number[], outputs = 1): unknown[] {
  const results = binding.executeOp(name, attributes, inputs, outputs);
  return results.map(({ id, dtype }) => {
    const values = binding.tensorDataSync(id);
    return dtype === TF.STRING
      ? (values as Uint8Array[]).map((value) => Buffer.from(value).toString())
      : Array.from(values as ArrayLike<unknown>);
  });
}

test("a text, as a string or as bytes", () => {
  const inputs = [strings("a"), strings("b")];
  const join = (separator: unknown) =>
    run("StringJoin", [attribute("N", "INT", 2), attribute("separator", "STRING", separator)], inputs);
  assert.deepEqual(join("∇"), [["a∇b"]]);
  assert.deepEqual(join(Buffer.from("--")), [["a--b"]]);
  assert.deepEqual(join(""), [["ab"]]);
  assert.deepEqual(join("long ".repeat(30)), [[`a${"long ".repeat(30)}b`]]);
});

test("a whole number, also above 2^53, and a list of them", () => {
  const id = binding.createTensor([1, 2, 1], TF.FLOAT, [1, 2]);
  const squeeze = (dims: number[]) =>
    binding.executeOp("Squeeze", [attribute("T", "TYPE", TF.FLOAT), attribute("squeeze_dims", "INT", dims)], [id], 1)[0]
      ?.shape;
  assert.deepEqual([squeeze([0]), squeeze([0, 2]), squeeze([])], [[2, 1], [2], [2]]);
  const seeded = (seed: bigint) =>
    run(
      "RandomUniform",
      [
        attribute("T", "TYPE", TF.INT32),
        attribute("dtype", "TYPE", TF.FLOAT),
        attribute("seed", "INT", seed),
        attribute("seed2", "INT", 1),
      ],
      [binding.createTensor([1], TF.INT32, [4])],
    );
  assert.notDeepEqual(seeded(2n ** 60n + 1n), seeded(2n ** 60n));
});

test("a number and a list of them", () => {
  assert.deepEqual(
    run("LeakyRelu", [attribute("T", "TYPE", TF.FLOAT), attribute("alpha", "FLOAT", 0.5)], [floats(-2, 4)]),
    [[-1, 4]],
  );
  const boundaries = attribute("boundaries", "FLOAT", [0, 10, 100]);
  assert.deepEqual(run("Bucketize", [attribute("T", "TYPE", TF.FLOAT), boundaries], [floats(-5, 5, 50, 500)]), [
    [0, 1, 2, 3],
  ]);
});

test("a truth value", () => {
  const id = binding.createTensor([2, 2], TF.FLOAT, [1, 2, 3, 4]);
  const product = (transposed: boolean) =>
    run("MatMul", [attribute("T", "TYPE", TF.FLOAT), attribute("transpose_a", "BOOL", transposed)], [id, id]);
  assert.deepEqual([product(false), product(true)], [[[7, 10, 15, 22]], [[10, 14, 14, 20]]]);
});

test("a type and a list of types", () => {
  assert.deepEqual(
    run("Cast", [attribute("SrcT", "TYPE", TF.FLOAT), attribute("DstT", "TYPE", TF.INT32)], [floats(1.5)]),
    [[1]],
  );
  const types = attribute("T", "TYPE", [TF.FLOAT, TF.STRING]);
  assert.deepEqual(run("IdentityN", [types], [floats(1), strings("x")], 2), [[1], ["x"]]);
});

test("a shape, with unknown sizes, of unknown rank, and of a scalar", () => {
  const check = (shape: number[] | null, id: number) =>
    run("EnsureShape", [attribute("T", "TYPE", TF.FLOAT), attribute("shape", "SHAPE", shape)], [id]);
  assert.deepEqual(
    [check([2], floats(1, 2)), check([-1], floats(1, 2)), check(null, floats(1, 2))],
    [[[1, 2]], [[1, 2]], [[1, 2]]],
  );
  assert.deepEqual(check([], binding.createTensor([], TF.FLOAT, [7])), [[7]]);
  assert.throws(() => check([3], floats(1, 2)), /EnsureShape/);
});

test("lists of texts, of types and of shapes", () => {
  const serialized = binding.createTensor([], TF.STRING, [encodeExample()]);
  const attributes = [
    attribute("num_sparse", "INT", 0),
    attribute("sparse_keys", "STRING", []),
    attribute("sparse_types", "TYPE", []),
    attribute("dense_keys", "STRING", ["a", Buffer.from("b")]),
    attribute("Tdense", "TYPE", [TF.FLOAT, TF.STRING]),
    attribute("dense_shapes", "SHAPE", [[2], []]),
  ];
  assert.deepEqual(run("ParseSingleExample", attributes, [serialized, floats(), strings()], 2), [[1.5, 2.5], ["x"]]);
});

test("a tensor", () => {
  const value = attribute("value", "TENSOR", floats(1, 2, 3));
  assert.deepEqual(run("Const", [attribute("dtype", "TYPE", TF.FLOAT), value], []), [[1, 2, 3]]);
});

test("a function and a list of functions, by their names", () => {
  const types = [attribute("Tin", "TYPE", [TF.FLOAT]), attribute("Tout", "TYPE", [TF.FLOAT])];
  assert.throws(
    () => run("PartitionedCall", [...types, attribute("f", "FUNC", "no_such_function")], [floats(1)]),
    /no_such_function/,
  );
  const branches = attribute("branches", "FUNC", ["no_such_function"]);
  assert.throws(() => run("StatelessCase", [...types, branches], [floats(1)]), /no_such_function/);
});

test("a list of truth values arrives as one, which no operation that we could ask takes", () => {
  const id = binding.createTensor([1, 1], TF.FLOAT, [1]);
  const transposed = attribute("transpose_a", "BOOL", [true, false]);
  assert.throws(() => run("MatMul", [attribute("T", "TYPE", TF.FLOAT), transposed], [id, id]), /list\(bool\)/);
});

test("an attribute of no known kind is refused", () => {
  assert.throws(
    () => run("Neg", [{ name: "T", type: 99, value: 1 }], [floats(1)]),
    (error: Error) => {
      return error instanceof ValueError && error.message.startsWith("attribute T: expected a type of TF_AttrType");
    },
  );
});

/** A tf.train.Example by hand: features { a: float_list [1.5, 2.5], b: bytes_list ["x"] } (tensorflow/core/example). */
function encodeExample(): Buffer {
  const field = (key: number, ...parts: (Buffer | number[])[]) => {
    const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
    return Buffer.from([key * 8 + 2, content.length, ...content]);
  };
  const values = Buffer.from(Float32Array.of(1.5, 2.5).buffer);
  const a = field(1, field(1, Buffer.from("a")), field(2, field(2, field(1, values))));
  const b = field(1, field(1, Buffer.from("b")), field(2, field(1, field(1, Buffer.from("x")))));
  return field(1, a, b);
}
