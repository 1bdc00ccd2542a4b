import { ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import * as tf from "../../runtime/tf.js";
import { checkOptions, oneOf, show } from "../../tensor/arguments.js";
import type { Product } from "../../tensor/arithmetic.js";
import type { OptionOf } from "../convolution/window.js";
import { callText, type given, type Layer, makeLayer, type yields } from "../layer.js";
import { buildPass, buildRecurrent, type Pass, type RecurrentLayer, type RecurrentOutput } from "./recurrent.js";

/** How the states of two directions become one. */
export type Merge = "concat" | "sum" | "mean" | "multiply";

/** What {@link bidirectional} takes besides the layer. */
export interface BidirectionalOptions {
  /** "concat" (default): side by side, forward first. "sum", "mean" and "multiply": number by number. */
  readonly merge?: Merge;
}

/** The type of `bidirectional(layer, { merge })`. */
export interface Bidirectional<Units extends number, All extends boolean, M extends Merge> extends Layer {
  readonly [yields]: RecurrentOutput<"bidirectional", this[typeof given], Merged<Units, M>, All>;
}

type Merged<Units extends number, M extends Merge> = [M] extends ["concat"]
  ? Product<[2, Units]>
  : "concat" extends M
    ? number
    : Units;

/**
 * A recurrent layer that goes both ways: rnn, lstm or gru from the first step to the last one, and another one of its kind back
 * (Schuster and Paliwal 1997): [time, width] → [2 units], the last state of either, or all of them, [time, 2 units], with
 * `returnSequences`; [units] or [time, units] where `merge` is not "concat". Weights as the layer's, under `forward` and
 * `backward`; of more than one of `layers` each goes both ways, and the next reads what it merged (PyTorch's `bidirectional`,
 * Keras's Bidirectional). Throws ValueError.
 */
export function bidirectional<
  Units extends number,
  All extends boolean,
  const Options extends BidirectionalOptions = object,
>(
  layer: RecurrentLayer<Units, All>,
  options?: Options,
): Bidirectional<Units, All, OptionOf<Options, "merge", "concat", Merge>> {
  const given: BidirectionalOptions = options ?? {};
  checkOptions("bidirectional", given, ["merge"]);
  const { merge = "concat" } = given;
  oneOf("bidirectional: merge", merge, ["concat", "sum", "mean", "multiply"]);
  if (typeof layer?.recurrent !== "object") {
    const got = typeof (layer as Layer | undefined)?.label === "string" ? (layer as Layer).label : show(layer);
    throw new ValueError({ what: "bidirectional", expected: "an rnn, lstm or gru", got });
  }
  const { parts, options: inner } = layer.recurrent;
  if (inner.reverse) {
    const hint = "It goes both ways already.";
    throw new ValueError({ what: "bidirectional", expected: "a layer without reverse", got: layer.label, hint });
  }
  return makeLayer({
    label: callText("bidirectional", [layer.label], given),
    build: (input, scope) =>
      buildRecurrent("bidirectional", input, scope, inner, (width, place) => {
        const sequence = [input[0]!, width] as const;
        const there = buildPass(parts, sequence, place.at("forward"), false);
        return merged(merge, there, buildPass(parts, sequence, place.at("backward"), true));
      }),
  });
}

function merged(merge: Merge, there: Pass, back: Pass): Pass {
  return {
    units: merge === "concat" ? there.units + back.units : there.units,
    flops: there.flops + back.flops,
    run: (x, all, mask) => mergers[merge](there.run(x, all, mask), back.run(x, all, mask)),
  };
}

const mergers: Readonly<Record<Merge, (there: Tensor, back: Tensor) => Tensor>> = {
  concat: (there, back) => tf.concat([there, back], -1),
  sum: (there, back) => there.add(back),
  mean: (there, back) => there.add(back).mul(0.5),
  multiply: (there, back) => there.mul(back),
};
