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

type Setter = (op: Pointer, name: Pointer, value: unknown) => void;

/** The function that gives an operation its attributes. */
export function makeAttributeSetter(context: Context, tensors: Tensors): (op: Pointer, attribute: Attribute) => void {
  const { tf, name } = context.native;
  const status = context.status.pointer;
  const texts = new Map<string, Uint8Array>();

  const setters: Readonly<Record<number, Setter>> = {
    [Attr.STRING](op, attr, value) {
      if (Array.isArray(value)) {
        const { pointers, lengths } = addresses((value as Text[]).map(encode));
        return tf.TFE_OpSetAttrStringList(op, attr, pointers, lengths, value.length);
      }
      const bytes = encode(value as Text);
      tf.TFE_OpSetAttrString(op, attr, bytes, bytes.length);
    },
    [Attr.INT](op, attr, value) {
      if (!Array.isArray(value)) return tf.TFE_OpSetAttrInt(op, attr, value as number);
      tf.TFE_OpSetAttrIntList(op, attr, BigInt64Array.from(value, BigInt), value.length);
    },
    [Attr.FLOAT](op, attr, value) {
      if (!Array.isArray(value)) return tf.TFE_OpSetAttrFloat(op, attr, value as number);
      tf.TFE_OpSetAttrFloatList(op, attr, Float32Array.from(value), value.length);
    },
    [Attr.BOOL](op, attr, value) {
      if (!Array.isArray(value)) return tf.TFE_OpSetAttrBool(op, attr, value ? 1 : 0);
      tf.TFE_OpSetAttrBoolList(op, attr, Uint8Array.from(value, Number), value.length);
    },
    [Attr.TYPE](op, attr, value) {
      if (!Array.isArray(value)) return tf.TFE_OpSetAttrType(op, attr, value as number);
      tf.TFE_OpSetAttrTypeList(op, attr, Int32Array.from(value), value.length);
    },
    [Attr.SHAPE](op, attr, value) {
      if (isListOfShapes(value)) {
        const { pointers } = addresses(value.map(sizes));
        const ranks = Int32Array.from(value, rank);
        return tf.TFE_OpSetAttrShapeList(op, attr, pointers, ranks, value.length, status);
      }
      tf.TFE_OpSetAttrShape(op, attr, sizes(value as Shape), rank(value as Shape), status);
    },
    [Attr.TENSOR](op, attr, value) {
      const tensor = tensors.resolve(value as number);
      tf.TFE_OpSetAttrTensor(op, attr, tensor, status);
      tf.TF_DeleteTensor(tensor);
    },
    [Attr.FUNC](op, attr, value) {
      if (!Array.isArray(value)) {
        const bytes = encode(value as Text);
        return tf.TFE_OpSetAttrFunctionName(op, attr, bytes, bytes.length);
      }
      const calls = value.map((one: string) => tf.TFE_NewOp(context.pointer, name(one), status));
      context.status.check("attribute", () => `the functions ${value.join(", ")}`);
      tf.TFE_OpSetAttrFunctionList(op, attr, BigUint64Array.from(calls, BigInt), calls.length);
      for (const call of calls) tf.TFE_DeleteOp(call);
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
