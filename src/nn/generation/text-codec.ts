import { ValueError } from "../../errors.js";
import { show } from "../../tensor/arguments.js";

/** What models of texts need to know of a tokenizer. */
export interface TextCodec {
  encode(text: string): ArrayLike<number>;
  decode(tokens: ArrayLike<number>): string;
}

/** The tokens of a prompt. Throws ValueError where there are none, or one that the model cannot know. */
export function tokensOf(what: string, prompt: string, codec: TextCodec, vocab: number): number[] {
  if (typeof prompt !== "string") {
    throw new ValueError({ what: `${what}: prompt`, expected: "a text", got: show(prompt) });
  }
  const tokens = Array.from(codec.encode(prompt));
  if (tokens.length === 0) throw new ValueError({ what: `${what}: prompt`, expected: "some text", got: show(prompt) });
  const stranger = tokens.find((token) => !(token >= 0 && token < vocab));
  if (stranger === undefined) return tokens;
  const hint = "Use the tokenizer that the model was trained with.";
  throw new ValueError({ what, expected: `tokens from 0 to ${vocab - 1}`, got: String(stranger), hint });
}
