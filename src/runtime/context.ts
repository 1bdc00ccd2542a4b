/** TensorFlow's context: its options, its devices. */
import { type Device, listDevices } from "./devices.js";
import type { Pointer } from "./libc.js";
import type { Native } from "./native.js";
import { oneLine } from "./notes.js";
import { encodeConfig, wantsGpu } from "./settings.js";
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

/** Makes the context in which everything runs but what `narrow.ts` takes out. */
export function openContext(native: Native): Context {
  const status = makeStatus(native);
  const { pointer, config } = newContext(native, status, encodeConfig());
  const devices = listDevices(native, pointer, status);
  const gpu = devices.find((device) => device.type === "GPU");
  if (gpu === undefined && wantsGpu()) {
    oneLine("NABLA_DEVICE: TensorFlow sees no GPU, so everything is computed on the CPU. `npx nabla doctor` says why.");
  }
  return { native, pointer, status, devices, gpu, config };
}

/** A context of TensorFlow's. With a GPU there must be one only: each has its own copy of everything that lies there. */
export function newContext(native: Native, status: Status, config: Uint8Array): Pick<Context, "pointer" | "config"> {
  const { tf } = native;
  const options = tf.TFE_NewContextOptions();
  tf.TFE_ContextOptionsSetConfig(options, config, config.length, status.pointer);
  status.check("runtime: options", () => `${config.length} bytes`);
  const pointer = tf.TFE_NewContext(options, status.pointer);
  tf.TFE_DeleteContextOptions(options);
  status.check("runtime: context", () => "default options");
  return { pointer, config };
}
