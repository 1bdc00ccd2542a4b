import { ValueError } from "../errors.js";
import { checkOptions, numberIn, positiveInteger, show } from "../tensor/arguments.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { buildDense, linear } from "./dense.js";
import { dropout } from "./dropout.js";
import { buildEmbedding } from "./embedding.js";
import { normal } from "./initial.js";
import type { Built } from "./layer.js";
import { layerNorm } from "./layer-norm.js";
import type { Model } from "./module.js";
import { Network } from "./network.js";
import { buildPositions } from "./positions.js";
import type { Scope } from "./scope.js";
import { type Buildable, buildStack } from "./stack.js";
import { buildTransformerBlock } from "./transformer-block.js";

/** The sizes of a {@link gpt}. */
export interface GptOptions<Vocab extends number = number, Context extends number = number> {
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
  /** Use the token embedding as output weights, too (arXiv 1608.05859). Default false. */
  readonly tied?: boolean;
  /** For the first weights and dropout. Default: the next of `nn.seed`. */
  readonly seed?: number;
}

const known = ["vocab", "context", "width", "heads", "layers", "dropout", "tied", "seed"];

/**
 * A language model as GPT-2's (Radford et al. 2019): token and learned position embeddings, pre-LN transformer blocks, a final
 * layerNorm, an output head without bias. [context] tokens (int32; fewer are allowed) → logits [context, vocab]. First
 * weights as GPT-2's: normal with deviation 0.02, 0.02 / √(2 × layers) where a block ends in an addition; biases zero. Captured
 * as `blocks.N.attention`: attention weights [batch, heads, query, key]. Throws ValueError, MemoryError.
 */
export function gpt<const Vocab extends number, const Context extends number>(
  options: GptOptions<Vocab, Context>,
): Model<[Context], [Context, Vocab]> {
  check(options);
  const { vocab, context, width, heads, layers, dropout: rate = 0, tied = false } = options;
  const initial = normal(0.02);
  const exitInitial = normal(0.02 / Math.sqrt(2 * layers));
  const parts: (readonly [string, Buildable])[] = [
    part("tokens", `embedding(${vocab}, ${width})`, (input, scope) =>
      buildEmbedding(input, vocab, width, scope, initial),
    ),
    part("positions", "positions()", (input, scope) => buildPositions(input, scope, initial)),
    ...(rate > 0 ? [["dropout", dropout(rate)] as const] : []),
    ...Array.from({ length: layers }, (_, index) =>
      part(`blocks.${index}`, `transformerBlock(${heads})`, (input, scope) =>
        buildTransformerBlock(input, heads, scope, { dropout: rate, initial, exitInitial }),
      ),
    ),
    ["norm", layerNorm()],
    tied
      ? part("head", "the token embedding", buildTiedHead)
      : part("head", `dense(${vocab})`, (input, scope) => buildDense(input, vocab, scope, { bias: false, initial })),
  ];
  return new Network<[Context], [Context, Vocab]>({
    name: "gpt",
    input: [context],
    dtype: "int32",
    shorter: true,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    build: (scope) => buildStack([context], parts, scope),
  });
}

function part(name: string, label: string, build: Buildable["build"]): readonly [string, Buildable] {
  return [name, { label, build }];
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
  if (options.width % options.heads !== 0) {
    const expected = `a number that ${options.heads} heads divide`;
    throw new ValueError({ what: "gpt: width", expected, got: show(options.width) });
  }
}
