/** The tensors that TensorFlow holds for us, by number, as tfjs-node's backend knows them. */
import { RuntimeError, ShapeError } from "../errors.js";
import type { Context } from "./context.js";
import { bytesOf, describe, type Numbers, numbersOver, sizeOf, TF, widthOf } from "./dtypes.js";
import type { Pointer } from "./libc.js";
import { reserve } from "./memory.js";
import { readStrings, writeStrings } from "./strings.js";

/** What tfjs-node is told of a tensor. It is its own: tfjs-node changes it at times. */
export interface Metadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** What is known of a tensor without asking TensorFlow. */
export interface Held {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly handle: Pointer;
}

/** Values as tfjs has them: numbers, or strings as UTF-8. */
export type Values = ArrayLike<number | bigint | boolean> | readonly Uint8Array[];

/** Tensors by number. Every number is given once. */
export class Tensors {
  readonly #held = new Map<number, Held>();
  /** How many still want a tensor that its owner may delete meanwhile. */
  readonly #wanted = new Map<number, number>();
  readonly #condemned = new Set<number>();
  readonly #context: Context;
  #next = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  get count(): number {
    return this.#held.size;
  }

  /**
   * Copies values into a new tensor.
   *
   * @throws MemoryError when it does not fit into memory; ShapeError when the number of values is not that of the shape.
   */
  create(shape: readonly number[], dtype: number, values: Values): number {
    const size = sizeOf(shape);
    if (dtype !== TF.STRING) reserve("tensor", size * widthOf(dtype), describe(dtype, shape));
    const tensor = dtype === TF.STRING ? this.#strings(shape, size, values) : this.#numbers(shape, dtype, size, values);
    return this.#own(tensor, shape, dtype);
  }

  /**
   * Copies rows of a matrix, whose numbers lie in `from` one row after the other, into a new tensor; `shape` begins with their number.
   * Their places must be in range.
   *
   * @throws MemoryError when it does not fit into memory.
   */
  gather(shape: readonly number[], from: Float32Array | Int32Array, places: readonly number[]): Metadata {
    const { libc, tf } = this.#context.native;
    const dtype = from instanceof Int32Array ? TF.INT32 : TF.FLOAT;
    const width = sizeOf(shape.slice(1));
    reserve("tensor", places.length * width * from.BYTES_PER_ELEMENT, describe(dtype, shape));
    const bytes = width * from.BYTES_PER_ELEMENT;
    const tensor = this.#allocate(shape, dtype, places.length * bytes);
    const to = tf.TF_TensorData(tensor);
    if (bytes > 0) {
      places.forEach((place, row) => {
        libc.copyIn(to + row * bytes, from.subarray(place * width, (place + 1) * width), bytes);
      });
    }
    return { id: this.#own(tensor, shape, dtype), shape: [...shape], dtype };
  }

  /** Takes over a handle whose shape is known. */
  take(handle: Pointer, shape: readonly number[], dtype: number): Metadata {
    return { id: this.#hold(handle, shape, dtype), shape: [...shape], dtype };
  }

  /** Takes over a handle that an operation made. */
  adopt(handle: Pointer): Metadata {
    const { tf } = this.#context.native;
    const status = this.#context.status.pointer;
    const rank = tf.TFE_TensorHandleNumDims(handle, status);
    const shape: number[] = [];
    for (let i = 0; i < rank; i++) shape.push(Number(tf.TFE_TensorHandleDim(handle, i, status)));
    const dtype = tf.TFE_TensorHandleDataType(handle);
    return { id: this.#hold(handle, shape, dtype), shape, dtype };
  }

  /** @throws RuntimeError when there is no such tensor (any more). */
  get(id: number): Held {
    const held = this.#held.get(id);
    if (held === undefined) {
      throw new RuntimeError({ what: "tensor", expected: "a tensor that is alive", got: `number ${id}, which is not` });
    }
    return held;
  }

  /** Keeps a tensor, whoever deletes it, until it is released as often as it was wanted. */
  want(id: number): void {
    this.get(id);
    this.#wanted.set(id, (this.#wanted.get(id) ?? 0) + 1);
  }

  release(id: number): void {
    const left = (this.#wanted.get(id) ?? 0) - 1;
    if (left > 0) {
      this.#wanted.set(id, left);
      return;
    }
    this.#wanted.delete(id);
    if (this.#condemned.delete(id)) this.delete(id);
  }

  delete(id: number): void {
    const { handle } = this.get(id);
    if (this.#wanted.has(id)) {
      this.#condemned.add(id);
      return;
    }
    this.#held.delete(id);
    this.#context.native.tf.TFE_DeleteTensorHandle(handle);
  }

  /** The values: strings and resources as bytes, complex numbers as pairs, half precision as its bits. */
  read(id: number): Numbers | Uint8Array[] {
    const { tf, libc } = this.#context.native;
    const { shape, dtype } = this.get(id);
    const tensor = this.resolve(id);
    try {
      if (dtype === TF.STRING) return readStrings(this.#context, tensor, sizeOf(shape));
      const bytes = tf.TF_TensorByteSize(tensor);
      reserve("dataSync", bytes, describe(dtype, shape));
      const copy = numbersOver(dtype, new ArrayBuffer(bytes));
      if (bytes > 0) libc.copyOut(copy, tf.TF_TensorData(tensor), bytes);
      return copy;
    } finally {
      tf.TF_DeleteTensor(tensor);
    }
  }

  /** The tensor on the host, computed; the caller deletes it. */
  resolve(id: number): Pointer {
    const { handle, dtype, shape } = this.get(id);
    const tensor = this.#context.native.tf.TFE_TensorHandleResolve(handle, this.#context.status.pointer);
    this.#context.status.check("dataSync", () => describe(dtype, shape));
    return tensor;
  }

  #hold(handle: Pointer, shape: readonly number[], dtype: number): number {
    const id = this.#next++;
    this.#held.set(id, { id, shape, dtype, handle });
    return id;
  }

  #numbers(shape: readonly number[], dtype: number, size: number, values: Values): Pointer {
    const { libc, tf } = this.#context.native;
    const bytes = bytesOf(dtype, size, values as ArrayLike<number>);
    if (bytes === undefined) throw misfit(shape, dtype, values);
    const tensor = this.#allocate(shape, dtype, bytes.byteLength);
    if (bytes.byteLength > 0) libc.copyIn(tf.TF_TensorData(tensor), bytes, bytes.byteLength);
    return tensor;
  }

  #allocate(shape: readonly number[], dtype: number, bytes: number): Pointer {
    const { tf } = this.#context.native;
    return tf.TF_AllocateTensor(dtype, BigInt64Array.from(shape, BigInt), shape.length, bytes);
  }

  /** Takes over a tensor of the host. */
  #own(tensor: Pointer, shape: readonly number[], dtype: number): number {
    const { native, status } = this.#context;
    const handle = native.tf.TFE_NewTensorHandle(tensor, status.pointer);
    native.tf.TF_DeleteTensor(tensor);
    status.check("tensor", () => describe(dtype, shape));
    return this.#hold(this.#place(handle, dtype), [...shape], dtype);
  }

  #strings(shape: readonly number[], size: number, values: Values): Pointer {
    const strings = values as readonly Uint8Array[];
    if (strings.length !== size || !Array.from(strings).every((string) => string instanceof Uint8Array)) {
      throw misfit(shape, TF.STRING, values);
    }
    return writeStrings(this.#context, shape, strings);
  }

  /** On a GPU int32 and strings stay with the host, where TensorFlow's kernels expect them. */
  #place(handle: Pointer, dtype: number): Pointer {
    const { native, pointer, status, gpu } = this.#context;
    if (gpu === undefined || dtype === TF.INT32 || dtype === TF.STRING) return handle;
    const moved = native.tf.TFE_TensorHandleCopyToDevice(handle, pointer, native.name(gpu.name), status.pointer);
    native.tf.TFE_DeleteTensorHandle(handle);
    status.check("tensor", () => `a copy to ${gpu.name}`);
    return moved;
  }
}

function misfit(shape: readonly number[], dtype: number, values: Values): ShapeError {
  return new ShapeError({
    what: "tensor",
    expected: `${sizeOf(shape)} values for ${describe(dtype, shape)}`,
    got: `${values.length} values of ${values.constructor.name}`,
  });
}
