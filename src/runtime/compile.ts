/** `compile`: a function of tensors that runs as one function of TensorFlow. */
import { Tensor, tidy } from "@tensorflow/tfjs-core";
import { RuntimeError } from "../errors.js";
import { Compiled } from "./compiled.js";
import type { Precision } from "./precision.js";
import type { Obstacle } from "./trace.js";

/** What {@link compile} takes. */
export interface CompileOptions {
  /** `"xla"`: compile with XLA, which fuses operations; the first call with each signature then takes seconds. */
  readonly jit?: "xla";
  /** `"mixed-bf16"`, `"mixed-fp16"`: matrix products and convolutions compute in bfloat16 or float16. Default "float32". */
  readonly precision?: Precision;
}

/** The function for arguments of one structure. */
interface Variant {
  readonly compiled: Compiled;
  /** What the function returned last, while it was traced. */
  result: unknown;
}

/**
 * `work` as it is, but faster: in its first call with tensors of some shapes it is traced, and runs as one function of TensorFlow
 * then and from then on. Tensors may stand anywhere in the arguments and in the result, in arrays and plain objects; for other
 * arguments each value makes a function of its own. Variables are read and changed as usual. What JavaScript does beside, it does
 * while it is traced only.
 *
 * @throws ValueError where `work` reads the values of a tensor; RuntimeError where two calls with equal arguments do different
 * things (host randomness, changing numbers outside), or TensorFlow refuses.
 */
export function compile<A extends readonly unknown[], R>(
  work: (...args: A) => R,
  options: CompileOptions = {},
): (...args: A) => R {
  const variants = new Map<string, Variant>();
  return (...args) => {
    const tensors: Tensor[] = [];
    const structure = taken(args, tensors);
    const key = JSON.stringify(structure);
    let variant = variants.get(key);
    if (variant === undefined) {
      variant = makeVariant(structure, work, options);
      variants.set(key, variant);
    }
    const results = variant.compiled.run(tensors);
    return given(variant.result, results.values()) as R;
  };
}

function makeVariant<A extends readonly unknown[], R>(
  structure: unknown,
  work: (...args: A) => R,
  { jit, precision = "float32" }: CompileOptions,
): Variant {
  const settings = {
    label: work.name || "compile",
    xla: jit === "xla",
    precision,
    strict: true,
    onObstacle(obstacle: Obstacle): void {
      const hint = "Pass what changes as an argument, or do without compile.";
      const expected = "a function that does the same with equal arguments";
      throw new RuntimeError({ what: "compile", expected, got: obstacle.reason, hint }, { cause: obstacle });
    },
  };
  const variant: Variant = {
    result: undefined,
    compiled: new Compiled((inputs) => {
      const result = tidy(() => work(...(given(structure, inputs.values()) as A)) as never);
      const tensors: Tensor[] = [];
      variant.result = taken(result, tensors);
      return tensors;
    }, settings),
  };
  return variant;
}

/** The place of a tensor in a structure. */
class Place {
  toJSON(): string {
    return "∇tensor";
  }
}

/** The structure without its tensors, which are put into `tensors`. */
function taken(value: unknown, tensors: Tensor[]): unknown {
  if (value instanceof Tensor) {
    tensors.push(value);
    return new Place();
  }
  if (Array.isArray(value)) return value.map((part) => taken(part, tensors));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, taken(part, tensors)]));
}

/** The structure with these tensors in their places, in the order in which they were taken out, or stand there. */
function given(value: unknown, tensors: Iterator<Tensor>): unknown {
  if (value instanceof Place || value instanceof Tensor) return tensors.next().value;
  if (Array.isArray(value)) return value.map((part) => given(part, tensors));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, given(part, tensors)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
