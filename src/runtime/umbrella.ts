/**
 * Gradients and chained methods (`x.add(y)`) of tfjs. Only the umbrella package has them in a form that Node can load, so
 * that one file of it is loaded, without layers, converter, data and the browser's backends that it would drag in.
 */
import { createRequire } from "node:module";
import * as core from "@tensorflow/tfjs-core";
import { registerGradients } from "./gradients.js";
import { loaderWith } from "./packages.js";

const unneeded = ["layers", "converter", "data", "backend-cpu", "backend-webgl"];

/** Registers the gradients of all kernels and gives tensors their methods. */
export function completeCore(): void {
  const umbrella = createRequire(import.meta.url).resolve("@tensorflow/tfjs");
  const replacements = new Map<string, unknown>([["@tensorflow/tfjs-core", core]]);
  for (const name of unneeded) replacements.set(`@tensorflow/tfjs-${name}`, {});
  loaderWith(replacements)(umbrella);
  registerGradients();
}
