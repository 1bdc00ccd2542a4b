import type { Tokenizer } from "../data/tokenizer.js";
import { DataError, ValueError } from "../errors.js";
import type { Model } from "../nn/module.js";
import * as tf from "../runtime/tf.js";
import { showShape } from "../tensor/shape.js";
import { scope } from "../train/scope.js";

/** The attention weights of one forward pass over one text. */
export interface Attention {
  /** The tokens as text, one per position. */
  readonly tokens: readonly string[];
  readonly layers: number;
  readonly heads: number;
  /** [layers, heads, query, key], each row of keys sums to 1. */
  readonly weights: Float32Array;
}

/**
 * Where each token of a text looks, in every layer and head of a model with self-attention. Throws DataError when the text is
 * empty, longer than the model's context or has unknown characters, ValueError when the model has no attention or another vocabulary.
 */
export function attention(model: Model, tokenizer: Tokenizer, text: string): Attention {
  const [context] = model.inputShape;
  if (model.inputDtype !== "int32" || context === undefined || model.inputShape.length !== 1) {
    const got = `${model.name} with ${model.inputDtype} input ${showShape(model.inputShape)}`;
    throw new ValueError({ what: "attention", expected: "a model that takes tokens", got, hint: "Try nn.gpt(…)." });
  }
  const vocab = model.outputShape.at(-1);
  if (model.outputShape.length === 2 && vocab !== tokenizer.vocab) {
    const expected = `the text that ${model.name} learned its ${vocab} tokens from`;
    throw new ValueError({ what: "attention", expected, got: `a vocabulary of ${tokenizer.vocab}` });
  }
  const tokens = tokenizer.encode(text);
  if (tokens.length === 0 || tokens.length > context) {
    const expected = `a text of 1 to ${context} tokens, which ${model.name} sees at once`;
    throw new DataError({ what: "attention", expected, got: `${tokens.length}`, hint: "Take a part of it." });
  }
  const captured = capture(model, tokens);
  const heads = captured[0]?.heads;
  if (heads === undefined || captured.some((layer) => layer.heads !== heads)) {
    const got = heads === undefined ? `${model.name}, which captures none` : "layers with different numbers of heads";
    throw new ValueError({ what: "attention", expected: "a model with self-attention", got });
  }
  const size = heads * tokens.length ** 2;
  const weights = new Float32Array(captured.length * size);
  captured.forEach((layer, index) => {
    weights.set(layer.weights, index * size);
  });
  return {
    tokens: Array.from(tokens, (token) => tokenizer.tokens[token]!),
    layers: captured.length,
    heads,
    weights,
  };
}

/** The attention weights of every layer, [heads, query, key], first layer first. */
function capture(model: Model, tokens: Int32Array): { readonly heads: number; readonly weights: Float32Array }[] {
  const layers: { heads: number; weights: Float32Array }[] = [];
  scope(() => {
    model.forward(tf.tensor(tokens, [1, tokens.length], "int32"), {
      training: false,
      capture(path, value) {
        const isSquare = value.rank === 4 && value.shape[2] === tokens.length && value.shape[3] === tokens.length;
        const isAttention = path.split(".").at(-1) === "attention" && isSquare;
        if (isAttention) layers.push({ heads: value.shape[1]!, weights: value.dataSync<"float32">().slice() });
      },
    });
  });
  return layers;
}
