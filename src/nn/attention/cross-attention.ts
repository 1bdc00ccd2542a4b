import { ShapeError, ValueError } from "../../errors.js";
import { checkOptions, numberIn, positiveInteger } from "../../tensor/arguments.js";
import type { ShowShape } from "../../tensor/arithmetic.js";
import { type Shape, showShape } from "../../tensor/shape.js";
import { buildDense } from "../dense.js";
import { dropper } from "../dropout/dropout.js";
import { glorotUniform } from "../initializers/initial.js";
import {
  type Built,
  callText,
  type given,
  type Layer,
  type Misfit,
  makeLayer,
  type recalls,
  type yields,
} from "../layer.js";
import type { Scope } from "../scope.js";
import { attend, splitHeads } from "./attend.js";
import { type AttentionInitials, type AttentionOutput, checkKeyHeads, checkWidth } from "./attention.js";
import { paddingHidden } from "./hiding.js";

/** What {@link crossAttention} takes besides the number of heads. */
export interface CrossAttentionOptions {
  /** The share of attention weights dropped in training. Default 0. */
  readonly dropout?: number;
  /** Keys and values have so many heads, each for a group of `heads` (arXiv 2305.13245). Default: `heads`. */
  readonly keyHeads?: number;
}

/** The type of `crossAttention(heads, options)`. */
export interface CrossAttention<Heads extends number, Options = object> extends Layer {
  readonly [yields]: Recalling<
    "crossAttention",
    this[typeof recalls],
    AttentionOutput<"crossAttention", this[typeof given], Heads, Options>
  >;
}

/** `Fitting`, where there is a memory `M` to look at; or a message. */
export type Recalling<Name extends string, M, Fitting> = M extends Shape
  ? number extends M["length"]
    ? Fitting
    : M extends readonly [number, number]
      ? Fitting
      : Misfit<`${Name}: expected an encoder that gives [time, width], got ${ShowShape<M>}`>
  : Misfit<`${Name}: expected the memory of an encoder, got none`>;

/**
 * Multi-head attention to what an encoder made (arXiv 1706.03762, section 3.2.3), in the decoder of an `encoderDecoder`: [time,
 * width] → [time, width]. Dense layers: `query` of what comes in, `keyValue` of the memory, keys and values side by side,
 * `projection`. Padding of the memory is not looked at. Captured as `PATH`: the attention weights [batch, heads, query, key].
 * Throws ValueError.
 */
export function crossAttention<const Heads extends number, const Options extends CrossAttentionOptions = object>(
  heads: Heads,
  options?: Options,
): CrossAttention<Heads, Options> {
  const given: CrossAttentionOptions = options ?? {};
  positiveInteger("crossAttention: heads", heads);
  checkOptions("crossAttention", given, ["dropout", "keyHeads"]);
  numberIn("crossAttention: dropout", given.dropout ?? 0, 0, 1);
  checkKeyHeads("crossAttention", heads, given.keyHeads ?? heads);
  return makeLayer<CrossAttention<Heads, Options>>({
    label: callText("crossAttention", [heads], given),
    build: (input, scope) => buildCrossAttention("crossAttention", input, heads, scope, given),
  });
}

/** {@link crossAttention} for layers made of it. `name` is the one to complain about. */
export function buildCrossAttention(
  name: string,
  input: Shape,
  heads: number,
  scope: Scope,
  options: CrossAttentionOptions & AttentionInitials,
): Built {
  const { dropout = 0, keyHeads = heads, initial = glorotUniform, projectionInitial = initial } = options;
  const memory = memoryOf(name, scope);
  const [time, size] = checkWidth(name, input, heads, scope);
  const queries = buildDense(input, heads * size, scope.at("query"), { initial });
  const keyValues = buildDense(memory, 2 * keyHeads * size, scope.at("keyValue"), { initial });
  const projection = buildDense(input, heads * size, scope.at("projection"), { initial: projectionInitial });
  const drop = dropper(dropout, scope.at("dropout"));
  return {
    output: input,
    flops: queries.flops + keyValues.flops + projection.flops + 4 * time * memory[0]! * heads * size,
    forward(x, context) {
      const { value, mask } = context.memory!;
      const [query] = splitHeads(queries.forward(x, context), [heads]);
      const [keys, values] = splitHeads(keyValues.forward(value, context), [keyHeads, keyHeads]);
      const looking = { biases: [mask && paddingHidden(mask)], path: scope.path, drop };
      return projection.forward(attend(query!, keys!, values!, looking, context), context);
    },
  };
}

/** The shape of the memory there is. Throws ValueError, ShapeError. */
function memoryOf(what: string, { memory }: Scope): Shape {
  if (memory === undefined) {
    const hint = "It belongs into the decoder of nn.encoderDecoder({ … }).";
    throw new ValueError({ what, expected: "the memory of an encoder", got: "none", hint });
  }
  if (memory.length === 2) return memory;
  throw new ShapeError({ what, expected: "an encoder that gives [time, width]", got: showShape(memory) });
}
