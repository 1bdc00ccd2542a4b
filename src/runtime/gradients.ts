/** The gradients that tfjs lacks, has for some arguments only, or computes in a way that cannot be derived once more. */
import { type GradConfig, registerGradient } from "@tensorflow/tfjs-core";
import { installBackward } from "./gradients/backward.js";
import { convolutions } from "./gradients/convolution.js";
import { gather } from "./gradients/gather.js";
import { pools } from "./gradients/pool.js";

const gradients: readonly GradConfig[] = [...convolutions, gather, ...pools];

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
