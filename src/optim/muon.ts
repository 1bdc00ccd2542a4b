import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { numberIn, oneOf, positiveInteger, trueOrFalse } from "../tensor/arguments.js";
import { adamRule } from "./adam.js";
import { decoupled } from "./decay.js";
import type { Grouped } from "./groups.js";
import type { LearningRate } from "./learning-rate.js";
import { faded, type Moments } from "./moments.js";
import type { Optimizer } from "./optimizer.js";
import { type Rule, shapedLike } from "./rule.js";
import { makeOptimizer } from "./rule-optimizer.js";

const scales = ["adam", "original"] as const;

/** What {@link muon} takes besides the learning rate. */
export interface MuonOptions extends Moments, Grouped<MuonOptions> {
  /** Decay of the mean of a matrix's gradients. Default 0.95. */
  readonly momentum?: number;
  /** Look ahead along the momentum. Default true. */
  readonly nesterov?: boolean;
  /** Every step shrinks the weights by `learningRate × weightDecay`. Default 0.1. */
  readonly weightDecay?: number;
  /** Iterations of Newton and Schulz that make a matrix orthogonal. Default 5. */
  readonly newtonSchulzSteps?: number;
  /**
   * How far a matrix [inputs, outputs] moves. `"adam"`, the default: as far as Adam moves it, by `0.2 × √max(inputs, outputs)`
   * (arXiv 2502.16982), so that one rate fits all weights. `"original"`: `√max(1, outputs / inputs)`, with a rate of 0.02 or so.
   */
  readonly scale?: (typeof scales)[number];
  /** Whether matrices move in orthogonal directions; for embeddings and the last layer it is better not. Default true. */
  readonly orthogonal?: boolean;
}

/**
 * Momentum made orthogonal, for the matrices of a network (Jordan 2024), as `torch.optim.Muon` in float32; AdamW, with `beta1`,
 * `beta2` and `epsilon`, for all weights that have not two axes, and for those in groups with `orthogonal: false`. Throws ValueError.
 */
export function muon(learningRate: LearningRate, options: MuonOptions = {}): Optimizer {
  const ofMatrices = ["momentum", "nesterov", "weightDecay", "newtonSchulzSteps", "scale", "orthogonal"] as const;
  const known = [...ofMatrices, "beta1", "beta2", "epsilon"] as const;
  return makeOptimizer(
    "muon",
    learningRate,
    options,
    known,
    (what, { weightDecay = 0.1, orthogonal = true, ...own }) => {
      trueOrFalse(`${what}: orthogonal`, orthogonal);
      const matrices = decoupled(what, weightDecay, muonRule(what, own));
      const others = decoupled(what, weightDecay, adamRule(what, own));
      return (shape) => (shape.length === 2 && orthogonal ? matrices : others);
    },
  );
}

function muonRule(what: string, options: MuonOptions): Rule {
  const { momentum = 0.95, nesterov = true, newtonSchulzSteps = 5, scale = "adam" } = options;
  numberIn(`${what}: momentum`, momentum, 0, 1);
  trueOrFalse(`${what}: nesterov`, nesterov);
  positiveInteger(`${what}: newtonSchulzSteps`, newtonSchulzSteps);
  oneOf(`${what}: scale`, scale, scales);
  return {
    slots: shapedLike("momentum"),
    scalars: (_step, rate) => [rate],
    move(weight, gradient, [mean], [size]) {
      const [inputs, outputs] = weight.shape as [number, number];
      const newMean = faded(mean!, gradient, momentum);
      const direction = orthogonalized(nesterov ? faded(newMean, gradient, momentum) : newMean, newtonSchulzSteps);
      const far =
        scale === "adam" ? 0.2 * Math.sqrt(Math.max(inputs, outputs)) : Math.sqrt(Math.max(1, outputs / inputs));
      return [direction.mul(size!.mul(far)), newMean];
    },
  };
}

/** Coefficients of a quintic that takes singular values from 0 … 1 to about 1 in few iterations. */
const [linear, cubic, quintic] = [3.4445, -4.775, 2.0315];
/** Keeps the quotient of a matrix of zeros finite. */
const tiny = 1e-7;

/** A matrix with the same singular vectors, and singular values near 1: x ← a x + (b xxᵀ + c (xxᵀ)²) x. */
function orthogonalized(matrix: Tensor, iterations: number): Tensor {
  const [height, width] = matrix.shape as [number, number];
  // The smaller of the two products of the matrix and its transpose.
  let x = height > width ? tf.transpose(matrix) : matrix;
  x = x.div(x.square().sum().sqrt().maximum(tiny));
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gram = tf.matMul(x, x, false, true);
    const factor = gram.mul(cubic).add(gram.matMul(gram).mul(quintic));
    x = x.mul(linear).add(factor.matMul(x));
  }
  return height > width ? tf.transpose(x) : x;
}
