/** The one TensorFlow context of the process: its options, its devices. */
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
  const gpu = devices.find((device) => device.type === "GPU");
  if (gpu === undefined && wantsGpu()) {
    oneLine("NABLA_DEVICE: TensorFlow sees no GPU, so everything is computed on the CPU. `npx nabla doctor` says why.");
  }
  return { native, pointer, status, devices, gpu, config };
}
