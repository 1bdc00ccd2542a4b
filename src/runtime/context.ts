/** The one TensorFlow context of the process: its options, its devices. */
import { ValueError } from "../errors.js";
import { type Device, listDevices } from "./devices.js";
import type { Pointer } from "./libc.js";
import type { Native } from "./native.js";
import { bytesHead, varintField } from "./proto.js";
import { makeStatus, type Status } from "./status.js";

/** TensorFlow, ready to compute. */
export interface Context {
  readonly native: Native;
  readonly pointer: Pointer;
  readonly status: Status;
  readonly devices: readonly Device[];
  /** Where tensors are put: the first GPU, or undefined when they stay on the host. */
  readonly gpu: Device | undefined;
  /** The ConfigProto that it was made with. */
  readonly config: Uint8Array;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A serialized ConfigProto (tensorflow/core/protobuf/config.proto). `NABLA_INTRA_OP_THREADS` bounds the threads inside one
 * operation, `NABLA_INTER_OP_THREADS` the operations that run at once; 0 or unset is TensorFlow's own choice.
 *
 * @throws ValueError when one of them is not a whole number ≥ 0.
 */
export function encodeConfig(env: Environment = process.env): Uint8Array {
  const allowGrowth = varintField(4, 1);
  return Uint8Array.from([
    ...threads(2, "NABLA_INTRA_OP_THREADS", env),
    ...threads(5, "NABLA_INTER_OP_THREADS", env),
    ...bytesHead(6, allowGrowth.length),
    ...allowGrowth,
    ...varintField(7, 1),
  ]);
}

/** Makes the context. The process makes one; a second would have its own copy of everything on a GPU. */
export function openContext(native: Native): Context {
  const { tf } = native;
  const status = makeStatus(native);
  const config = encodeConfig();
  const options = tf.TFE_NewContextOptions();
  tf.TFE_ContextOptionsSetConfig(options, config, config.length, status.pointer);
  status.check("runtime: options", () => `${config.length} bytes`);
  const pointer = tf.TFE_NewContext(options, status.pointer);
  tf.TFE_DeleteContextOptions(options);
  status.check("runtime: context", () => "default options");
  const devices = listDevices(native, pointer, status);
  return { native, pointer, status, devices, gpu: devices.find((device) => device.type === "GPU"), config };
}

function threads(field: number, name: string, env: Environment): number[] {
  const text = env[name] || "0";
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count < 2 ** 31) return count === 0 ? [] : varintField(field, count);
  throw new ValueError({ what: name, expected: "a whole number of threads, 0 for TensorFlow's choice", got: text });
}
