import { ValueError } from "../errors.js";
import { show } from "../tensor/arguments.js";
import type { Shape } from "../tensor/shape.js";
import { type Built, callText, isLayer, type Layer } from "./layer.js";
import type { Scope } from "./scope.js";

/**
 * The same layer with one set of weights in a model, wherever it stands there: `const same = nn.shared(nn.dense(8))`, then
 * `nn.sequential(nn.input(8), same, nn.tanh(), same)`. The weights are named by its first place; the summary counts them there.
 * Random masks and captured values are each place's own. Throws ShapeError where a place needs weights of another shape.
 */
export function shared<L extends Layer>(layer: L): L {
  if (!isLayer(layer)) {
    throw new ValueError({ what: "shared", expected: "a layer", got: show(layer) });
  }
  const build = (input: Shape, scope: Scope): Built => layer.build(input, scope.sharing(result));
  const result: L = { ...layer, label: callText("shared", [layer.label]), build };
  return result;
}
