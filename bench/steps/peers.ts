import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../setup/root.js";
import { cacheFolder } from "../../src/runtime/location.js";
import type { PeerSpec } from "./peer.js";

/** What everyone else is measured against. */
export const ours = "Nabla";
/** The same library with compiling switched off: kernels of tfjs-node, one after the other. */
export const eager = "tfjs eager";
/** Whose memory and speed of generation ours is compared with. */
export const pyTorch = "PyTorch";

/** This library and its peers. `python` has PyTorch and Keras. */
export function peerSpecs(python: string): PeerSpec[] {
  const self = [process.execPath, fileURLToPath(new URL("./nabla.js", import.meta.url))] as const;
  const peer = (side: string) => [python, join(root, "bench", "steps", "peer.py"), side] as const;
  // Compiling takes minutes in all; what was compiled in an earlier run is found again.
  const compiled = { TORCHINDUCTOR_CACHE_DIR: join(cacheFolder(), "bench", "inductor") };
  return [
    { name: ours, argv: self, fits: true },
    { name: eager, argv: self, env: { NABLA_COMPILE: "off" }, fits: false },
    { name: pyTorch, argv: peer("torch"), fits: true },
    { name: "torch.compile", argv: peer("compile"), env: compiled, fits: true },
    { name: "Keras", argv: peer("keras"), fits: true },
    { name: "tf.function", argv: peer("function"), fits: true },
  ];
}
