/** Settings for TensorFlow, made by a program. */
import { RuntimeError, ValueError } from "../errors.js";
import { nearest } from "../nearest.js";
import { loadedTensorFlow } from "./backend.js";
import { encodeConfig, variables } from "./settings.js";

/** What {@link configure} takes; each is an environment variable too, which it overrides. */
export interface RuntimeOptions {
  /** Where tensors are and operations run. Default: the first GPU, or the CPU where there is none. `NABLA_DEVICE`. */
  readonly device?: "cpu" | "cuda" | `cuda:${number}`;
  /** MB that are taken of the GPU's memory at most. Default: what is needed, when it is needed. `NABLA_GPU_MEMORY`. */
  readonly gpuMemory?: number;
  /** Threads inside one operation. Default: TensorFlow's choice, one for each core. `NABLA_INTRA_OP_THREADS`. */
  readonly intraOpThreads?: number;
  /** Operations at once. Default: TensorFlow's choice, one for each core. `NABLA_INTER_OP_THREADS`. */
  readonly interOpThreads?: number;
}

/**
 * Chooses device, memory and threads. To be called before the first operation: TensorFlow reads them when it starts.
 *
 * @throws ValueError for an option that is unknown or of the wrong kind; RuntimeError when TensorFlow has started.
 */
export function configure(options: RuntimeOptions): void {
  const changes: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    const variable = (variables as Readonly<Record<string, string>>)[name];
    if (variable === undefined) throw unknown(name);
    if (value !== undefined) changes[variable] = String(value);
  }
  encodeConfig({ ...process.env, ...changes });
  if (loadedTensorFlow() !== undefined) {
    throw new RuntimeError({
      what: "configure",
      expected: "to be called before the first operation",
      got: "TensorFlow, which has started",
      hint: "Restart the kernel and run it first.",
    });
  }
  Object.assign(process.env, changes);
}

function unknown(name: string): ValueError {
  const known = Object.keys(variables);
  const near = nearest(name, known);
  return new ValueError({
    what: "configure",
    expected: `options ${known.join(", ")}`,
    got: `'${name}'`,
    ...(near !== undefined && { hint: `Did you mean '${near}'?` }),
  });
}
