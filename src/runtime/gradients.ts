/** The gradients that tfjs lacks, has for some arguments only, or computes in a way that cannot be derived once more. */
import { type GradConfig, registerGradient } from "@tensorflow/tfjs-core";
import { activations } from "./gradients/activations.js";
import { arithmetic } from "./gradients/arithmetic.js";
import { installBackward } from "./gradients/backward.js";
import { complexNumbers } from "./gradients/complex.js";
import { convolutions } from "./gradients/convolution.js";
import { dilation } from "./gradients/dilation.js";
import { einsum } from "./gradients/einsum.js";
import { gather } from "./gradients/gather.js";
import { images } from "./gradients/images.js";
import { movement } from "./gradients/movement.js";
import { batchNorm, localResponse } from "./gradients/normalization.js";
import { pools } from "./gradients/pool.js";
import { reductions } from "./gradients/reductions.js";
import { sparse } from "./gradients/sparse.js";

const gradients: readonly GradConfig[] = [
  ...activations,
  ...arithmetic,
  batchNorm,
  ...complexNumbers,
  ...convolutions,
  ...dilation,
  einsum,
  gather,
  ...images,
  localResponse,
  ...movement,
  ...pools,
  ...reductions,
  ...sparse,
];

/**
 * Registers them in the place of tfjs's. tfjs's umbrella package and its layers register theirs whenever they are loaded, so
 * ours stay until `tf.unregisterGradient` takes one away.
 */
export function registerGradients(): void {
  installBackward();
  for (const gradient of gradients) registerGradient(gradient);
  const registry = theRegistry();
  const ours = new Set(gradients);
  const { set } = registry;
  registry.set = (name, gradient) =>
    ours.has(registry.get(name) as GradConfig) ? registry : set.call(registry, name, gradient);
}

/** tfjs's registry of gradients (tfjs-core, kernel_registry.ts), one in a process: every copy of tfjs-core shares it. */
function theRegistry(): Map<string, GradConfig> {
  const { _tfGlobals } = globalThis as unknown as { _tfGlobals: Map<string, Map<string, GradConfig>> };
  return _tfGlobals.get("gradRegistry") as Map<string, GradConfig>;
}
