/** Attributes of operations: everything that is not a tensor (TF_AttrType of c_api.h). */
import koffi from "koffi";
import { ValueError } from "../errors.js";
import type { Context } from "./context.js";
import type { Pointer } from "./libc.js";
import type { Tensors } from "./tensors.js";

/** The values of `TF_AttrType`. */
export const Attr = {
  STRING: 0,
  INT: 1,
  FLOAT: 2,
  BOOL: 3,
  TYPE: 4,
  SHAPE: 5,
  TENSOR: 6,
  PLACEHOLDER: 7,
  FUNC: 8,
} as const;

/** Bytes, or text that becomes UTF-8. */
type Text = string | Uint8Array;
/** Sizes, -1 where unknown; null is a shape of unknown rank. */
type Shape = readonly number[] | null;

/** One attribute. A list form is an array of values; for SHAPE an array that holds an array or null. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  /**
   * STRING: text or bytes · INT: number or bigint · FLOAT: number · BOOL: boolean · TYPE: a TF_DataType ·
   * SHAPE: sizes or null · TENSOR: the number of a tensor · FUNC: the name of a function in the context.
   */
  readonly value: unknown;
}

/** An attribute that is an element type: a TF_DataType. */
export function typeAttribute(name: string, value: number): Attribute {
  return { name, type: Attr.TYPE, value };
}

type Setter = (op: Pointer, name: Pointer, value: unknown) => void;

/** The C functions that set attributes: of an operation to be run at once, or of one in a graph. */
export interface AttributeCalls {
  string(op: Pointer, name: Pointer, bytes: Uint8Array, length: number): void;
  stringList(op: Pointer, name: Pointer, texts: BigUint64Array, lengths: BigUint64Array, count: number): void;
  int(op: Pointer, name: Pointer, value: number | bigint): void;
  intList(op: Pointer, name: Pointer, values: BigInt64Array, count: number): void;
  float(op: Pointer, name: Pointer, value: number): void;
  floatList(op: Pointer, name: Pointer, values: Float32Array, count: number): void;
  bool(op: Pointer, name: Pointer, value: number): void;
  boolList(op: Pointer, name: Pointer, values: Uint8Array, count: number): void;
  type(op: Pointer, name: Pointer, value: number): void;
  typeList(op: Pointer, name: Pointer, values: Int32Array, count: number): void;
  shape(op: Pointer, name: Pointer, sizes: BigInt64Array, rank: number, status: Pointer): void;
  shapeList(
    op: Pointer,
    name: Pointer,
    shapes: BigUint64Array,
    ranks: Int32Array,
    count: number,
    status: Pointer,
  ): void;
  tensor(op: Pointer, name: Pointer, tensor: Pointer, status: Pointer): void;
  func(op: Pointer, name: Pointer, bytes: Uint8Array, length: number): void;
  funcList(op: Pointer, name: Pointer, functions: readonly string[]): void;
}

/** The calls for an operation that is run at once. */
export function eagerCalls({ native, pointer, status }: Context): AttributeCalls {
  const { tf } = native;
  return {
    string: tf.TFE_OpSetAttrString,
    stringList: tf.TFE_OpSetAttrStringList,
    int: tf.TFE_OpSetAttrInt,
    intList: tf.TFE_OpSetAttrIntList,
    float: tf.TFE_OpSetAttrFloat,
    floatList: tf.TFE_OpSetAttrFloatList,
    bool: tf.TFE_OpSetAttrBool,
    boolList: tf.TFE_OpSetAttrBoolList,
    type: tf.TFE_OpSetAttrType,
    typeList: tf.TFE_OpSetAttrTypeList,
    shape: tf.TFE_OpSetAttrShape,
    shapeList: tf.TFE_OpSetAttrShapeList,
    tensor: tf.TFE_OpSetAttrTensor,
    func: tf.TFE_OpSetAttrFunctionName,
    funcList(op, name, functions) {
      const calls = functions.map((one) => tf.TFE_NewOp(pointer, native.name(one), status.pointer));
      status.check("attribute", () => `the functions ${functions.join(", ")}`);
      tf.TFE_OpSetAttrFunctionList(op, name, BigUint64Array.from(calls, BigInt), calls.length);
      for (const call of calls) tf.TFE_DeleteOp(call);
    },
  };
}

/** The calls for an operation of a graph. */
export function graphCalls({ native: { tf } }: Context): AttributeCalls {
  return {
    string: tf.TF_SetAttrString,
    stringList: tf.TF_SetAttrStringList,
    int: tf.TF_SetAttrInt,
    intList: tf.TF_SetAttrIntList,
    float: tf.TF_SetAttrFloat,
    floatList: tf.TF_SetAttrFloatList,
    bool: tf.TF_SetAttrBool,
    boolList: tf.TF_SetAttrBoolList,
    type: tf.TF_SetAttrType,
    typeList: tf.TF_SetAttrTypeList,
    shape: (op, name, sizes, rank) => tf.TF_SetAttrShape(op, name, sizes, rank),
    shapeList: (op, name, shapes, ranks, count) => tf.TF_SetAttrShapeList(op, name, shapes, ranks, count),
    tensor: tf.TF_SetAttrTensor,
    func: tf.TF_SetAttrFuncName,
    funcList(_op, _name, functions) {
      const expected = "one function (the C API of graphs takes no list)";
      throw new ValueError({ what: "attribute", expected, got: functions.join(", ") });
    },
  };
}

/** The function that gives an operation its attributes. */
export function makeAttributeSetter(
  context: Context,
  tensors: Tensors,
  calls: AttributeCalls,
): (op: Pointer, attribute: Attribute) => void {
  const { tf, name } = context.native;
  const status = context.status.pointer;
  const texts = new Map<string, Uint8Array>();

  const setters: Readonly<Record<number, Setter>> = {
    [Attr.STRING](op, attr, value) {
      if (Array.isArray(value)) {
        const { pointers, lengths } = addresses((value as Text[]).map(encode));
        return calls.stringList(op, attr, pointers, lengths, value.length);
      }
      const bytes = encode(value as Text);
      calls.string(op, attr, bytes, bytes.length);
    },
    [Attr.INT](op, attr, value) {
      if (!Array.isArray(value)) return calls.int(op, attr, value as number);
      calls.intList(op, attr, BigInt64Array.from(value, BigInt), value.length);
    },
    [Attr.FLOAT](op, attr, value) {
      if (!Array.isArray(value)) return calls.float(op, attr, value as number);
      calls.floatList(op, attr, Float32Array.from(value), value.length);
    },
    [Attr.BOOL](op, attr, value) {
      if (!Array.isArray(value)) return calls.bool(op, attr, value ? 1 : 0);
      calls.boolList(op, attr, Uint8Array.from(value, Number), value.length);
    },
    [Attr.TYPE](op, attr, value) {
      if (!Array.isArray(value)) return calls.type(op, attr, value as number);
      calls.typeList(op, attr, Int32Array.from(value), value.length);
    },
    [Attr.SHAPE](op, attr, value) {
      if (isListOfShapes(value)) {
        const { pointers } = addresses(value.map(sizes));
        return calls.shapeList(op, attr, pointers, Int32Array.from(value, rank), value.length, status);
      }
      calls.shape(op, attr, sizes(value as Shape), rank(value as Shape), status);
    },
    [Attr.TENSOR](op, attr, value) {
      const tensor = tensors.resolve(value as number);
      calls.tensor(op, attr, tensor, status);
      tf.TF_DeleteTensor(tensor);
    },
    [Attr.FUNC](op, attr, value) {
      if (!Array.isArray(value)) {
        const bytes = encode(value as Text);
        return calls.func(op, attr, bytes, bytes.length);
      }
      calls.funcList(op, attr, value as string[]);
    },
  };

  /** Attributes are few and repeat, so their bytes are kept. */
  function encode(text: Text): Uint8Array {
    if (typeof text !== "string") return text;
    let bytes = texts.get(text);
    if (bytes === undefined) {
      bytes = Buffer.from(text);
      if (text.length < 64) texts.set(text, bytes);
    }
    return bytes;
  }

  return (op, attribute) => {
    const setter = setters[attribute.type];
    if (setter === undefined) {
      throw new ValueError({
        what: `attribute ${attribute.name}`,
        expected: "a type of TF_AttrType that can be set",
        got: String(attribute.type),
      });
    }
    setter(op, name(attribute.name), attribute.value);
  };
}

/** Where the bytes of each array lie. The arrays must outlive the call that reads them. */
function addresses(arrays: readonly ArrayBufferView[]): { pointers: BigUint64Array; lengths: BigUint64Array } {
  return {
    pointers: BigUint64Array.from(arrays, (array) => (array.byteLength === 0 ? 0n : koffi.address(array))),
    lengths: BigUint64Array.from(arrays, (array) => BigInt(array.byteLength)),
  };
}

function isListOfShapes(value: unknown): value is readonly Shape[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === "object";
}

function sizes(shape: Shape): BigInt64Array {
  return BigInt64Array.from(shape ?? [], BigInt);
}

function rank(shape: Shape): number {
  return shape === null ? -1 : shape.length;
}
