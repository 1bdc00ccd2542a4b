/** Mixed precision: matrix products and convolutions of a plan compute in bfloat16, everything else and all variables in float32. */
import { readFileSync } from "node:fs";
import { type Attribute, typeAttribute } from "./attributes.js";
import type { Context } from "./context.js";
import { TF } from "./dtypes.js";
import { oneLine } from "./notes.js";

/** In which element types a compiled function computes. */
export type Precision = "float32" | "mixed-bf16";

/**
 * Operations that gain by it: they add up many products, in float32 inside, and oneDNN and CUDA have units for bfloat16
 * (as TensorFlow's own list, auto_mixed_precision_lists.h: AllowList).
 */
const products: ReadonlySet<string> = new Set([
  "MatMul",
  "BatchMatMulV2",
  "Conv2D",
  "Conv2DBackpropFilter",
  "Conv2DBackpropInput",
]);

/** Whether an operation computes in bfloat16 where mixed precision is wanted. */
export function isReduced(operation: string, precision: Precision): boolean {
  return precision === "mixed-bf16" && products.has(operation);
}

/** The attributes of such an operation. */
export function reduced(attributes: readonly Attribute[]): readonly Attribute[] {
  return [...attributes.filter(({ name }) => name !== "T"), typeAttribute("T", TF.BFLOAT16)];
}

/** Says so, once, where the device has no units for bfloat16. */
export function adviseOn(precision: Precision, { gpu }: Context): void {
  if (precision === "float32" || gpu !== undefined || /\bavx512_bf16\b|\bamx_bf16\b/.test(cpuFlags())) return;
  oneLine(
    "precision: this processor has no instructions for bfloat16 (AVX512-BF16, AMX); mixed-bf16 saves no time here.",
  );
}

function cpuFlags(): string {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "latin1"))?.[1] ?? "";
  } catch {
    return "";
  }
}
