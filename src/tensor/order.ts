import { Attr } from "../runtime/attributes.js";
import { theEngine } from "../runtime/engine.js";
import type { NodeBackend } from "../runtime/node-backend.js";
import type { Tensor } from "../runtime/tf.js";
import { nativeBackend } from "./native.js";

/** The tensor itself, but in a compiled function it is there only when `others` are: what needs it is run after them. */
export function runAfter(tensor: Tensor, others: readonly Tensor[]): Tensor {
  const native = nativeBackend();
  if (native === undefined) return tensor;
  const all = [tensor, ...others];
  const backend = theEngine().backend as NodeBackend;
  const types = all.map(({ dtype }) => backend.getDTypeInteger(dtype));
  const [same] = native.executeMultipleOutputs(
    "IdentityN",
    [{ name: "T", type: Attr.TYPE, value: types }],
    all,
    all.length,
  );
  return same!;
}
