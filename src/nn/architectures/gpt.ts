import { checkOptions, numberIn, oneOf, positiveInteger } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { checkKeyHeads } from "../attention/attention.js";
import {
  type BlockParts,
  blockPartNames,
  buildBlock,
  checkBlockParts,
  checkHeadWidth,
  pick,
} from "../attention/block.js";
import { buildPositions, buildSinusoids } from "../attention/positions.js";
import { buildDense, linear } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { buildEmbedding } from "../embedding.js";
import { normal } from "../initializers/initial.js";
import { type Built, callText } from "../layer.js";
import type { Model } from "../module.js";
import { Network } from "../network.js";
import { layerNorm } from "../normalization/layer-norm.js";
import { rmsNorm } from "../normalization/rms-norm.js";
import type { Scope } from "../scope.js";
import { type Buildable, buildStack, named } from "../stack.js";

/** The sizes of a {@link gpt}. */
export interface GptOptions<Vocab extends number = number, Context extends number = number> extends BlockParts {
  /** Number of different tokens. */
  readonly vocab: Vocab;
  /** The most tokens it sees at once. */
  readonly context: Context;
  /** Numbers that stand for one token inside. `heads` must divide it. */
  readonly width: number;
  readonly heads: number;
  /** Number of transformer blocks. */
  readonly layers: number;
  /** The share of values dropped in training. Default 0. */
  readonly dropout?: number;
  /**
   * Where tokens stand: "learned" (default) or "sinusoidal" vectors added to them, "rotary" or "alibi" inside attention (see
   * `attention`), or "none".
   */
  readonly positions?: (typeof positionKinds)[number];
  /** See `attention`. Default: `heads`. */
  readonly keyHeads?: number;
  /** See `attention`. Default: all of the context. */
  readonly window?: number;
  /** Use the token embedding as output weights, too (arXiv 1608.05859). Default false. */
  readonly tied?: boolean;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

const positionKinds = ["learned", "sinusoidal", "rotary", "alibi", "none"] as const;
const blockNames = [...blockPartNames, "keyHeads", "window"] as const;
const known = ["vocab", "context", "width", "heads", "layers", "dropout", "positions", "tied", "seed", ...blockNames];

/**
 * A language model as GPT-2's (Radford et al. 2019): token and learned position embeddings, pre-LN transformer blocks, a final
 * norm, an output head without bias. `{ positions: "rotary", normalization: "rms", activation: "swiglu", keyHeads }` makes it one
 * as LLaMA 2 (arXiv 2307.09288). [context] tokens (int32; fewer are allowed) → logits [context, vocab]. First
 * weights as GPT-2's: normal with deviation 0.02, 0.02 / √(2 × layers) where a block ends in an addition; biases zero. Captured
 * as `blocks.N.attention`: attention weights [batch, heads, query, key]. Throws ValueError, MemoryError.
 */
export function gpt<const Vocab extends number, const Context extends number>(
  options: GptOptions<Vocab, Context>,
): Model<[Context], [Context, Vocab]> {
  check(options);
  const { vocab, context, width, heads, layers, dropout: rate = 0, tied = false, positions = "learned" } = options;
  const initial = normal(0.02);
  const written = {
    ...pick(options, blockNames),
    ...(positions === "rotary" && { rotary: true }),
    ...(positions === "alibi" && { alibi: true }),
  };
  const plan = {
    ...written,
    dropout: rate,
    initial,
    exitInitial: normal(0.02 / Math.sqrt(2 * layers)),
  };
  const stack: (readonly [string, Buildable])[] = [
    named("tokens", `embedding(${vocab}, ${width})`, (input, scope) =>
      buildEmbedding(input, vocab, width, scope, initial),
    ),
    ...(positions === "learned"
      ? [named("positions", "positions()", (input, scope) => buildPositions(input, scope, initial))]
      : positions === "sinusoidal"
        ? [named("positions", 'positions({ kind: "sinusoidal" })', buildSinusoids)]
        : []),
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ...Array.from({ length: layers }, (_, index) =>
      named(`blocks.${index}`, callText("transformerBlock", [heads], written), (input, scope) =>
        buildBlock("transformerBlock", input, heads, scope, plan),
      ),
    ),
    options.normalization === "rms" ? ["norm", rmsNorm()] : ["norm", layerNorm()],
    tied
      ? named("head", "the token embedding", buildTiedHead)
      : named("head", `dense(${vocab})`, (input, scope) => buildDense(input, vocab, scope, { bias: false, initial })),
  ];
  return new Network<[Context], [Context, Vocab]>({
    name: "gpt",
    input: [context],
    dtype: "int32",
    shorter: true,
    seed: options.seed,
    build: (scope) => buildStack([context], stack, scope),
  });
}

function buildTiedHead(input: Shape, scope: Scope): Built {
  const table = scope.weights.find((weight) => weight.path === "tokens.weight")!;
  return {
    output: [input[0]!, table.shape[0]!],
    flops: sizeOf(input) * table.shape[0]! * 2,
    causal: true,
    forward: (x) => linear(x, table.value, { transpose: true }),
  };
}

function check(options: GptOptions): void {
  checkOptions("gpt", options, known);
  for (const name of ["vocab", "context", "width", "heads", "layers"] as const) {
    positiveInteger(`gpt: ${name}`, options[name]);
  }
  numberIn("gpt: dropout", options.dropout ?? 0, 0, 1);
  const { keyHeads = options.heads, window = 1, positions = "learned" } = options;
  checkKeyHeads("gpt", options.heads, keyHeads);
  positiveInteger("gpt: window", window);
  oneOf("gpt: positions", positions, positionKinds);
  checkBlockParts("gpt", options);
  checkHeadWidth("gpt", options.width, options.heads, positions === "rotary");
}
