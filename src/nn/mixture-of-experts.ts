import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, numberIn, positiveInteger, positiveNumber, show } from "../tensor/arguments.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { exactGelu } from "./activations/gelu.js";
import { buildDense } from "./dense.js";
import type { SameShape } from "./elementwise.js";
import { constant, uniform } from "./initializers/initial.js";
import { type Built, callText, makeLayer, misfit } from "./layer.js";
import type { Scope } from "./scope.js";

/** What {@link mixtureOfExperts} takes besides the number of experts. */
export interface MixtureOptions {
  /** Experts that each token goes to. Default 2; 1 is a Switch Transformer (arXiv 2101.03961). */
  readonly topK?: number;
  /** How many times wider than a token the hidden layer of an expert is. Default 4. */
  readonly expansion?: number;
  /**
   * Places of an expert, times what it would need if all were asked alike: tokens that find no place pass it by. Default 1.25;
   * Infinity: as many as there may be.
   */
  readonly capacity?: number;
  /** How much is added to the loss where some experts are asked more than others (arXiv 2101.03961, equation 4). Default 0.01. */
  readonly balance?: number;
}

/**
 * Several MLPs (dense, GELU, dense) in the place of one: a router sends each token to the `topK` experts that it gives the largest
 * probability, and weighs what they make of it by these probabilities, made to sum to 1 (arXiv 1701.06538, 2006.16668): [..., width] →
 * the same. A token costs `topK` experts, however many there are. Weights: `router.weight` [width, experts], `widen` [experts, width,
 * hidden], `narrow` [experts, hidden, width] and their offsets. Throws ValueError; ShapeError when built.
 */
export function mixtureOfExperts(experts: number, options: MixtureOptions = {}): SameShape {
  checkOptions("mixtureOfExperts", options, ["topK", "expansion", "capacity", "balance"]);
  const { topK = 2, expansion = 4, capacity = 1.25, balance = 0.01 } = options;
  positiveInteger("mixtureOfExperts: experts", experts);
  positiveInteger("mixtureOfExperts: topK", topK);
  positiveInteger("mixtureOfExperts: expansion", expansion);
  if (capacity !== Number.POSITIVE_INFINITY) positiveNumber("mixtureOfExperts: capacity", capacity);
  numberIn("mixtureOfExperts: balance", balance, 0);
  if (topK > experts) {
    const expected = `at most the number of experts, ${experts}`;
    throw new ValueError({ what: "mixtureOfExperts: topK", expected, got: show(topK) });
  }
  return makeLayer<SameShape>({
    label: callText("mixtureOfExperts", [experts], options),
    build: (input, scope) => buildMixture(input, experts, { topK, expansion, capacity, balance }, scope),
  });
}

function buildMixture(
  input: Shape,
  experts: number,
  { topK, expansion, capacity, balance }: Required<MixtureOptions>,
  scope: Scope,
): Built {
  if (input.length === 0) throw misfit("mixtureOfExperts", "[..., width]", input, scope);
  const width = input.at(-1)!;
  const hidden = expansion * width;
  const router = buildDense([width], experts, scope.at("router"), { bias: false });
  const within = (fanIn: number, fanOut: number) => uniform(Math.sqrt(6 / (fanIn + fanOut)));
  const widen = scope.weight("widen", [experts, width, hidden], within(width, hidden));
  const widenBias = scope.weight("widenBias", [experts, 1, hidden], constant(0));
  const narrow = scope.weight("narrow", [experts, hidden, width], within(width, hidden));
  const narrowBias = scope.weight("narrowBias", [experts, 1, width], constant(0));
  // Which tokens find a place depends on the others.
  scope.keepWhole();
  const perExample = sizeOf(input) / width;
  return {
    output: input,
    flops: perExample * (router.flops + topK * (4 * width * hidden + 5 * hidden)),
    forward(x, context) {
      const tokens = x.reshape([-1, width]);
      const count = tokens.shape[0]!;
      const probabilities = router.forward(tokens, context).softmax();
      const { values, indices } = tf.topk(probabilities, topK);
      const gates = values.div(values.sum(1, true));
      const chosen = tf.oneHot(indices.reshape([count * topK]).toInt() as tf.Tensor1D, experts).toFloat();
      if (balance > 0) context.addLoss?.(imbalance(chosen, probabilities, experts).mul(balance));

      const places = Math.min(count, Math.ceil((capacity * count * topK) / experts));
      const slots = slotsOf(chosen, experts, places, count, topK);
      const asked = tokens
        .expandDims(1)
        .tile([1, topK, 1])
        .reshape([count * topK, width]);
      // A row more than there are places takes the tokens that find none.
      const rows = tf.scatterND(slots.expandDims(1), asked, [experts * places + 1, width]);
      const given = rows.slice([0, 0], [experts * places, width]).reshape([experts, places, width]);
      const inner = exactGelu(given.matMul(widen.value).add(widenBias.value));
      const made = inner
        .matMul(narrow.value)
        .add(narrowBias.value)
        .reshape([experts * places, width]);
      const found = tf
        .gather(
          made.pad([
            [0, 1],
            [0, 0],
          ]),
          slots,
        )
        .reshape([count, topK, width]);
      return found.mul(gates.expandDims(2)).sum(1).reshape(x.shape);
    },
  };
}

/** The place of each choice among those of all experts, int32 [choices]; one behind the last for those that find none. */
function slotsOf(chosen: Tensor, experts: number, places: number, count: number, topK: number): tf.Tensor1D {
  // First choices come first: [topK, tokens], and back.
  const ranked = chosen
    .reshape([count, topK, experts])
    .transpose([1, 0, 2])
    .reshape([count * topK, experts]);
  const before = ranked
    .cumsum(0, true)
    .mul(ranked)
    .sum(1)
    .reshape([topK, count])
    .transpose()
    .reshape([count * topK]);
  const expert = chosen.argMax(1).toInt();
  const free = before.less(places);
  const slot = expert.mul(tf.scalar(places, "int32")).add(before.toInt());
  return tf.where(free, slot, tf.fill([count * topK], experts * places, "int32")) as tf.Tensor1D;
}

/** 1 where all experts are asked alike and equally likely, up to their number: Σ share of choices · mean probability · experts. */
function imbalance(chosen: Tensor, probabilities: Tensor, experts: number): Tensor {
  const shares = chosen.mean(0);
  return shares.mul(probabilities.mean(0)).sum().mul(experts);
}
