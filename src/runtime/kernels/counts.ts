/** Counting, searching and comparing of whole numbers. */
import {
  BitwiseAnd,
  DenseBincount,
  type DenseBincountAttrs,
  type KernelConfig,
  SearchSorted,
  type SearchSortedAttrs,
} from "@tensorflow/tfjs-core";
import { TF } from "../dtypes.js";
import { bool, kernel, type } from "./run.js";

export const counts: readonly KernelConfig[] = [
  kernel<"a" | "b">(BitwiseAnd, ({ a, b }, _, run) => run("BitwiseAnd", [a, b])[0]),
  kernel<"x" | "weights", DenseBincountAttrs>(DenseBincount, ({ x, weights }, { size, binaryOutput }, run) => {
    return run("DenseBincount", [x, size, weights], [bool("binary_output", binaryOutput ?? false)])[0];
  }),
  kernel<"sortedSequence" | "values", SearchSortedAttrs>(SearchSorted, ({ sortedSequence, values }, { side }, run) => {
    const operation = side === "left" ? "LowerBound" : "UpperBound";
    return run(operation, [sortedSequence, values], [type("out_type", TF.INT32)])[0];
  }),
];
