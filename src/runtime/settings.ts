/** What is asked of TensorFlow before it starts: device, memory, threads. */
import { ValueError } from "../errors.js";
import { bytesHead, varintField } from "./proto.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link settings} are called in the environment, where they may be set too. */
export const variables = {
  device: "NABLA_DEVICE",
  gpuMemory: "NABLA_GPU_MEMORY",
  intraOpThreads: "NABLA_INTRA_OP_THREADS",
  interOpThreads: "NABLA_INTER_OP_THREADS",
} as const;

/** Whether a GPU was asked for by name. */
export function wantsGpu(env: Environment = process.env): boolean {
  return env[variables.device]?.startsWith("cuda") === true;
}

/** Whether the user chose how many threads compute one operation. */
export function hasThreads(env: Environment = process.env): boolean {
  return Number(env[variables.intraOpThreads] || "0") > 0;
}

/**
 * A serialized ConfigProto (tensorflow/core/protobuf/config.proto), from the environment. `NABLA_DEVICE`: cpu, cuda or cuda:1.
 * `NABLA_GPU_MEMORY`: MB that are taken of a GPU's memory at most; without it, as much as is needed. `NABLA_INTRA_OP_THREADS` bounds
 * the threads inside one operation, `NABLA_INTER_OP_THREADS` the operations that run at once. 0 or unset is TensorFlow's own choice.
 *
 * @throws ValueError when one of them is something else.
 */
export function encodeConfig(env: Environment = process.env): Uint8Array {
  const device = deviceIn(env);
  const gpu = [
    ...varintField(4, 1),
    ...(device?.index === undefined ? [] : bytes(5, Buffer.from(device.index))),
    ...memoryLimit(count(variables.gpuMemory, "MB", env)),
  ];
  return Uint8Array.from([
    ...(device?.type === "cpu" ? bytes(1, [...bytes(1, Buffer.from("GPU")), ...varintField(2, 0)]) : []),
    ...threads(2, variables.intraOpThreads, env),
    ...threads(5, variables.interOpThreads, env),
    ...bytes(6, gpu),
    ...varintField(7, 1),
  ]);
}

function deviceIn(env: Environment): { readonly type: string; readonly index?: string } | undefined {
  const text = env[variables.device] || undefined;
  if (text === undefined) return undefined;
  const [, type, index] = /^(cpu|cuda)(?::(\d+))?$/.exec(text) ?? [];
  if (type === undefined || (type === "cpu" && index !== undefined && index !== "0")) {
    throw new ValueError({ what: variables.device, expected: '"cpu", "cuda" or "cuda:0"', got: `"${text}"` });
  }
  return { type, ...(type === "cuda" && index !== undefined && { index }) };
}

/** A limit makes one virtual device of that size: GPUOptions.experimental.virtual_devices.memory_limit_mb. */
function memoryLimit(megabytes: number): number[] {
  if (megabytes === 0) return [];
  const packed = new Uint8Array(Float32Array.of(megabytes).buffer);
  return bytes(9, bytes(1, bytes(1, packed)));
}

function threads(field: number, name: string, env: Environment): number[] {
  const number = count(name, "threads", env);
  return number === 0 ? [] : varintField(field, number);
}

function count(name: string, unit: string, env: Environment): number {
  const text = env[name] || "0";
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number < 2 ** 31) return number;
  throw new ValueError({ what: name, expected: `a whole number of ${unit}, 0 for TensorFlow's choice`, got: text });
}

function bytes(field: number, content: ArrayLike<number>): number[] {
  return [...bytesHead(field, content.length), ...Array.from(content)];
}
