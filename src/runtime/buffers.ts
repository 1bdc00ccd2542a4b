/** What TensorFlow's C API gives as bytes: `TF_Buffer`. */
import type { Context } from "./context.js";
import type { Pointer } from "./libc.js";

/** A copy of the bytes that `fill` has TensorFlow put into a buffer. Throws RuntimeError in TensorFlow's words. */
export function bytesFrom(
  { native, status }: Context,
  what: string,
  got: () => string,
  fill: (buffer: Pointer) => void,
): Uint8Array {
  const { tf, libc } = native;
  const buffer = tf.TF_NewBuffer();
  try {
    fill(buffer);
    status.check(what, got);
    // struct TF_Buffer { const void* data; size_t length; … }
    const head = new BigUint64Array(2);
    libc.copyOut(head, buffer, head.byteLength);
    const bytes = new Uint8Array(Number(head[1]));
    if (bytes.length > 0) libc.copyOut(bytes, Number(head[0]), bytes.length);
    return bytes;
  } finally {
    tf.TF_DeleteBuffer(buffer);
  }
}
