/**
 * Tensors of strings. They go in as a TensorProto, so that TensorFlow owns every string and frees it with the tensor; they
 * are read as the TF_TString structures of tensorflow/core/platform/ctstring_internal.h.
 */
import type { Context } from "./context.js";
import { TF } from "./dtypes.js";
import type { Pointer } from "./libc.js";
import { bytesHead, varintField } from "./proto.js";

/** Bytes of a `TF_TString`. */
const stringWidth = 24;

/** Makes a `TF_Tensor` of strings, `values` in row-major order; the caller deletes it. */
export function writeStrings(context: Context, shape: readonly number[], values: readonly Uint8Array[]): Pointer {
  const { tf } = context.native;
  const proto = encodeTensor(shape, values);
  const buffer = tf.TF_NewBufferFromString(proto, proto.length);
  const tensor = tf.TF_AllocateTensor(TF.STRING, new BigInt64Array([0n]), 1, 0);
  tf.TF_TensorFromProto(buffer, tensor, context.status.pointer);
  tf.TF_DeleteBuffer(buffer);
  context.status.check("tensor", () => `string [${shape.join(", ")}]`);
  return tensor;
}

/** The strings of a `TF_Tensor` of `size` elements, as bytes. */
export function readStrings(context: Context, tensor: Pointer, size: number): Uint8Array[] {
  const { tf, libc } = context.native;
  const data = tf.TF_TensorData(tensor);
  return Array.from({ length: size }, (_, i) => {
    const string = data + i * stringWidth;
    const bytes = new Uint8Array(tf.TF_StringGetSize(string));
    libc.copyOut(bytes, tf.TF_StringGetDataPointer(string), bytes.length);
    return bytes;
  });
}

/** A TensorProto: dtype = 1, tensor_shape = 2 (dim = 2, size = 1), string_val = 8. */
function encodeTensor(shape: readonly number[], values: readonly Uint8Array[]): Uint8Array {
  const dimensions = shape.flatMap((size) => {
    const dimension = varintField(1, size);
    return [...bytesHead(2, dimension.length), ...dimension];
  });
  const parts: Uint8Array[] = [
    Uint8Array.from([...varintField(1, TF.STRING), ...bytesHead(2, dimensions.length), ...dimensions]),
  ];
  for (const value of values) parts.push(Uint8Array.from(bytesHead(8, value.length)), value);
  return Buffer.concat(parts);
}
