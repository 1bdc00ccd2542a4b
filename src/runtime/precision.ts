/** Mixed precision: matrix products and convolutions of a plan compute in 16 bits, everything else and all variables in float32. */
import { readFileSync } from "node:fs";
import { type Attribute, typeAttribute } from "./attributes.js";
import type { Context } from "./context.js";
import { TF } from "./dtypes.js";
import { oneLine } from "./notes.js";

/** In which element types a compiled function computes. */
export type Precision = "float32" | "mixed-bf16" | "mixed-fp16";

/** All of them, as options take them. */
export const precisions: readonly Precision[] = ["float32", "mixed-bf16", "mixed-fp16"];

/**
 * Operations that gain by it: they add up many products, in float32 inside, and oneDNN and CUDA have units for 16 bits
 * (as TensorFlow's own list, auto_mixed_precision_lists.h: AllowList).
 */
const products: ReadonlySet<string> = new Set([
  "MatMul",
  "BatchMatMulV2",
  "Conv2D",
  "Conv2DBackpropFilter",
  "Conv2DBackpropInput",
]);

/** The element type (TF_DataType) in which an operation computes where it is not the type of its inputs. */
export function reducedType(operation: string, precision: Precision): number | undefined {
  if (precision === "float32" || !products.has(operation)) return undefined;
  return precision === "mixed-bf16" ? TF.BFLOAT16 : TF.HALF;
}

/** The attributes of such an operation. */
export function reduced(attributes: readonly Attribute[], type: number): readonly Attribute[] {
  return [...attributes.filter(({ name }) => name !== "T"), typeAttribute("T", type)];
}

/** Says so, once, where the device has no units for it. */
export function adviseOn(precision: Precision, { gpu }: Context): void {
  if (precision === "float32" || gpu !== undefined) return;
  const [name, units, flags] =
    precision === "mixed-bf16"
      ? ["bfloat16", "AVX512-BF16, AMX", /\bavx512_bf16\b|\bamx_bf16\b/]
      : ["float16", "AVX512-FP16, AMX-FP16", /\bavx512_fp16\b|\bamx_fp16\b/];
  if ((flags as RegExp).test(cpuFlags())) return;
  oneLine(`precision: this processor has no instructions for ${name} (${units}); ${precision} saves no time here.`);
}

function cpuFlags(): string {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "latin1"))?.[1] ?? "";
  } catch {
    return "";
  }
}
