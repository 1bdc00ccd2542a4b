/** tfjs's creators that fill memory from JavaScript, refused when the result would not fit. */
import * as core from "@tensorflow/tfjs-core";
import { sizeOf } from "./dtypes.js";
import { reserve } from "./memory.js";
import * as random from "./random.js";

type Creator = (shape: never, ...rest: never[]) => unknown;

/** Bytes an element of every numeric type of tfjs takes at most while it is made: float32 and int32. */
const width = 4;

function guarded<F extends Creator>(name: string, create: F): F {
  const guard = (shape: readonly number[], ...rest: unknown[]) => {
    reserve(name, sizeOf(shape) * width, `[${shape.join(", ")}]`);
    return (create as unknown as (...args: unknown[]) => unknown)(shape, ...rest);
  };
  return guard as unknown as F;
}

/** tfjs's `zeros`. @throws MemoryError instead of exhausting the machine. */
export const zeros: typeof core.zeros = guarded("zeros", core.zeros);
/** tfjs's `ones`. @throws MemoryError instead of exhausting the machine. */
export const ones: typeof core.ones = guarded("ones", core.ones);
/** tfjs's `buffer`. @throws MemoryError instead of exhausting the machine. */
export const buffer: typeof core.buffer = guarded("buffer", core.buffer);
/** `randomNormal`, drawn by TensorFlow. @throws MemoryError instead of exhausting the machine. */
export const randomNormal: typeof core.randomNormal = guarded("randomNormal", random.randomNormal);
/** `randomUniform`, drawn by TensorFlow. @throws MemoryError instead of exhausting the machine. */
export const randomUniform: typeof core.randomUniform = guarded("randomUniform", random.randomUniform);
/** `truncatedNormal`, drawn by TensorFlow. @throws MemoryError instead of exhausting the machine. */
export const truncatedNormal: typeof core.truncatedNormal = guarded("truncatedNormal", random.truncatedNormal);
