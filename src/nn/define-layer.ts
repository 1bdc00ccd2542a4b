import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import { show } from "../tensor/arguments.js";
import { type Shape, sameShape } from "../tensor/shape.js";
import { type Custom, checked, checkShape, inLayer } from "./custom.js";
import { type Built, type Layer, makeLayer, placeHint } from "./layer.js";
import type { Forward } from "./module.js";
import type { Scope } from "./scope.js";

/** A layer in its place, as its author writes it. */
export interface LayerParts<O extends Shape = Shape> {
  /** The shape of one example that comes out. */
  readonly output: O;
  /** Operations of one example, for the summary. Default 0. */
  readonly flops?: number;
  /** What comes out at a place of the first axis depends on what came in up to there only. Default false. */
  readonly causal?: boolean;
  /** `x: [batch, ...input]` → `[batch, ...output]`, of operations on tensors. */
  forward(x: Tensor, context: Forward): Tensor;
}

/** What {@link defineLayer} takes: an object, or an instance of a class. */
export interface LayerDefinition<Name extends string = string, I extends Shape = Shape, O extends Shape = Shape> {
  /** What it is called in errors. */
  readonly name: Name;
  /** As it stands in the summary: `scale(2)`. Default: the name and (). */
  readonly label?: string;
  /** Asks `scope` for weights (`scope.weight("weight", [4], "ones")`), whose `value` is there when `forward` runs. */
  build(input: I, scope: Scope): LayerParts<O>;
}

/**
 * A layer of your own, with weights if it likes:
 *
 *     const scale = () => nn.defineLayer<nn.SameShape>({
 *       name: "scale",
 *       build(input, scope) {
 *         const weight = scope.weight("weight", [input.at(-1)!], "ones");
 *         return { output: input, forward: (x) => x.mul(weight.value) };
 *       },
 *     });
 *
 * Shapes in types: those of `build`, where it says them (`build(input: [28, 28], scope)`), or the type of layer that is given.
 * Throws ValueError, and errors of `build` and `forward` under its name.
 */
export function defineLayer<const Name extends string, I extends Shape, const O extends Shape>(
  definition: LayerDefinition<Name, I, O>,
): Custom<Name, I, O>;
export function defineLayer<L extends Layer>(definition: LayerDefinition): L;
export function defineLayer(definition: LayerDefinition): Layer {
  const name = definition?.name;
  if (typeof name !== "string" || name === "" || typeof definition.build !== "function") {
    throw new ValueError({ what: "defineLayer", expected: "{ name, build(input, scope) }", got: show(definition) });
  }
  const { label = `${name}()` } = definition;
  return makeLayer<Layer>({ label, build: (input, scope) => buildDefined(definition, input, scope) });
}

function buildDefined(definition: LayerDefinition, input: Shape, scope: Scope): Built {
  const { name } = definition;
  const parts = inLayer(name, "build", scope, () => definition.build(input, scope));
  if (typeof parts?.forward !== "function") {
    const expected = "build to give { output, forward }";
    throw new ValueError({ what: name, expected, got: show(parts), ...placeHint(scope) });
  }
  const { output, flops = 0, causal = false } = parts;
  checkShape(name, output, scope);
  scope.keepWhole();
  return {
    output,
    flops,
    causal,
    forward(x, context) {
      const value = inLayer(name, "forward", scope, () => parts.forward(x, context));
      // A text may be shorter than the model's context, and then so is what comes out.
      const whole = sameShape(x.shape.slice(1), input);
      return checked(name, value, whole ? [x.shape[0]!, ...output] : (value?.shape ?? []), scope);
    },
  };
}
