import { checkOptions, numberIn, positiveInteger } from "../../tensor/arguments.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import { exactGelu } from "../activations/gelu.js";
import { buildBlock, checkHeadWidth } from "../attention/block.js";
import { buildPositions } from "../attention/positions.js";
import { buildDense, linear } from "../dense.js";
import { dropout } from "../dropout/dropout.js";
import { buildEmbedding } from "../embedding.js";
import { constant, normal } from "../initializers/initial.js";
import type { Built } from "../layer.js";
import type { Model } from "../module.js";
import { Network } from "../network.js";
import { buildLayerNorm, layerNorm } from "../normalization/layer-norm.js";
import type { Scope } from "../scope.js";
import { type Buildable, buildStack, named } from "../stack.js";

/** The sizes of a {@link bert}. */
export interface BertOptions<Vocab extends number = number, Context extends number = number> {
  /** Number of different tokens; 0 is padding. */
  readonly vocab: Vocab;
  /** Tokens of a text, padding included. */
  readonly context: Context;
  /** Numbers that stand for one token inside. `heads` must divide it. */
  readonly width: number;
  readonly heads: number;
  /** Number of encoder blocks. */
  readonly layers: number;
  /** How many times wider than a block the hidden layer of its MLP is. Default 4. */
  readonly expansion?: number;
  /** The share of values dropped in training. Default 0. */
  readonly dropout?: number;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

const sizes = ["vocab", "context", "width", "heads", "layers"] as const;
const initial = normal(0.02);

/**
 * A model of texts that looks both ways, as BERT (arXiv 1810.04805) without its segments, with the head that guesses masked tokens:
 * token and learned position embeddings with a layerNorm, post-LN encoder blocks with GELU; then dense, GELU, layerNorm and the
 * token embedding as output weights, plus a bias. [context] tokens (int32) → logits [context, vocab]. Token 0 is padding. First
 * weights: normal with deviation 0.02; biases zero. Captured as `blocks.N.attention`: attention weights [batch, heads, query, key].
 * Throws ValueError, MemoryError.
 */
export function bert<const Vocab extends number, const Context extends number>(
  options: BertOptions<Vocab, Context>,
): Model<[Context], [Context, Vocab]> {
  check(options);
  const { vocab, context, width, heads, layers, dropout: rate = 0 } = options;
  const { expansion = 4 } = options;
  const plan = { causal: false, norm: "post", activation: "gelu", dropout: rate, expansion, initial } as const;
  const parts: (readonly [string, Buildable])[] = [
    named("tokens", `embedding(${vocab}, ${width}, { maskZero: true })`, (input, scope) =>
      buildEmbedding(input, vocab, width, scope, initial, { maskZero: true }),
    ),
    named("positions", "positions()", (input, scope) => buildPositions(input, scope, initial)),
    ["norm", layerNorm()],
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ...Array.from({ length: layers }, (_, index) =>
      named(`blocks.${index}`, `encoderBlock(${heads}, { activation: "gelu" })`, (input, scope) =>
        buildBlock("encoderBlock", input, heads, scope, plan),
      ),
    ),
    named("head", "the masked-token head", buildHead),
  ];
  return new Network<[Context], [Context, Vocab]>({
    name: "bert",
    input: [context],
    dtype: "int32",
    seed: options.seed,
    build: (scope) => buildStack([context], parts, scope),
  });
}

/** Dense, GELU, layerNorm, and the token embedding as output weights. */
function buildHead(input: Shape, scope: Scope): Built {
  const table = scope.weights.find(({ path }) => path === "tokens.weight")!;
  const vocab = table.shape[0]!;
  const dense = buildDense(input, input.at(-1)!, scope.at("dense"), { initial });
  const norm = buildLayerNorm(input, scope.at("norm"));
  const bias = scope.weight("bias", [vocab], constant(0));
  return {
    output: [input[0]!, vocab],
    flops: dense.flops + norm.flops + sizeOf(input) * (5 + vocab * 2),
    forward(x, context) {
      const hidden = norm.forward(exactGelu(dense.forward(x, context)), context);
      return linear(hidden, table.value, { transpose: true, bias: bias.value });
    },
  };
}

function check(options: BertOptions): void {
  checkOptions("bert", options, [...sizes, "expansion", "dropout", "seed"]);
  for (const name of sizes) positiveInteger(`bert: ${name}`, options[name]);
  positiveInteger("bert: expansion", options.expansion ?? 4);
  numberIn("bert: dropout", options.dropout ?? 0, 0, 1);
  checkHeadWidth("bert", options.width, options.heads);
}
