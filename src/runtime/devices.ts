/** The devices that TensorFlow computes on. */
import type { Pointer } from "./libc.js";
import type { Native } from "./native.js";
import type { Status } from "./status.js";

/** One device as TensorFlow names it. */
export interface Device {
  /** e.g. `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  /** `CPU`, `GPU`, … */
  readonly type: string;
  /** Bytes of memory that TensorFlow may use on it. */
  readonly memory: number;
}

/** Lists the devices of a context, the host's first. */
export function listDevices({ tf }: Native, context: Pointer, status: Status): readonly Device[] {
  const list = tf.TFE_ContextListDevices(context, status.pointer);
  status.check("runtime: devices", () => "a context");
  const devices: Device[] = [];
  for (let i = 0; i < tf.TF_DeviceListCount(list); i++) {
    devices.push({
      name: tf.TF_DeviceListName(list, i, status.pointer),
      type: tf.TF_DeviceListType(list, i, status.pointer),
      memory: Number(tf.TF_DeviceListMemoryBytes(list, i, status.pointer)),
    });
  }
  tf.TF_DeleteDeviceList(list);
  return devices;
}
