import { numberIn, oneOf } from "../../tensor/arguments.js";
import type { Random } from "../../tensor/random.js";
import { Generated } from "./generated.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** From which family the functions are: see {@link inContextRegression}. */
export type FunctionFamily = "linear" | "sparse" | "network" | "tree";

/** What {@link inContextRegression} takes. Default sizes: 10,000 and 1,000 prompts. */
export interface InContextRegressionOptions<P extends number = number> extends WorldOptions {
  /** Default "linear". */
  readonly family?: FunctionFamily;
  /** How many numbers an input has. Default 5 (the paper: 20). */
  readonly dimensions?: number;
  /** How many pairs a prompt has. Default 11, twice the dimensions and one. */
  readonly points?: P;
  /** The deviation of the normal noise that is added to each value. Default 0. */
  readonly noise?: number;
}

/**
 * Learning to learn a function from examples in the prompt (Garg, Tsipras, Liang and Valiant, arXiv 2208.01066): each prompt has a
 * function of its own, which the next value can only be told from by the pairs before. x: [points, dimensions + 1]: the input of a
 * pair, and the value of the pair before it (0 at first); y: [points, 1], the values. Inputs are normal. Families, as in the paper's
 * sections 3 and 4, here with values of variance 1:
 * "linear" w · x, w normal · dimensions^−½; "sparse" the same with three weights (or fewer dimensions) that are not 0; "network" two
 * layers, 100 ReLUs; "tree" of depth 4, each node of which asks for the sign of one coordinate, with normal values at the leaves.
 * From `dimensions` points on, least squares knows a linear function without noise. Throws ValueError.
 */
export function inContextRegression<const P extends number = 11>(
  options: InContextRegressionOptions<P> = {},
): World<Generated<readonly [P, number]>> {
  const { family = "linear", dimensions = 5, points = 11 as P, noise = 0 } = options;
  oneOf("inContextRegression: family", family, ["linear", "sparse", "network", "tree"]);
  wholeNumber("inContextRegression: dimensions", dimensions, 1);
  wholeNumber("inContextRegression: points", points, 1);
  numberIn("inContextRegression: noise", noise, 0);
  const known = ["family", "dimensions", "points", "noise"];
  return makeWorld("inContextRegression", options, known, { train: 10_000, test: 1_000 }, (part) => {
    return new Generated<readonly [P, number]>({
      ...part,
      inputShape: [points, dimensions + 1],
      inputs: "float32",
      targetShape: [points, 1],
      targets: "float32",
      draw(random, x, y) {
        const value = families[family](random, dimensions);
        for (let point = 0; point < points; point++) {
          const row = x.subarray(point * (dimensions + 1), (point + 1) * (dimensions + 1));
          for (let i = 0; i < dimensions; i++) row[i] = random.normal();
          if (point > 0) row[dimensions] = y[point - 1]!;
          y[point] = value(row) + noise * random.normal();
        }
      },
    });
  });
}

/** A function of the first numbers of a row. */
type Drawn = (row: ArrayLike<number>) => number;

const families: Record<FunctionFamily, (random: Random, dimensions: number) => Drawn> = {
  linear(random, dimensions) {
    return weighted(normals(random, dimensions, dimensions ** -0.5));
  },
  sparse(random, dimensions) {
    const few = Math.min(3, dimensions);
    const weights = new Float64Array(dimensions);
    for (const place of random.permutation(dimensions).subarray(0, few)) weights[place] = few ** -0.5 * random.normal();
    return weighted(weights);
  },
  network(random, dimensions) {
    const hidden = 100;
    const first = Array.from({ length: hidden }, () => weighted(normals(random, dimensions, dimensions ** -0.5)));
    // A ReLU keeps half of the variance.
    const second = normals(random, hidden, Math.sqrt(2 / hidden));
    return (row) => first.reduce((sum, unit, i) => sum + second[i]! * Math.max(0, unit(row)), 0);
  },
  tree(random, dimensions) {
    const depth = 4;
    const asks = Int32Array.from({ length: 2 ** depth - 1 }, () => random.integer(dimensions));
    const leaves = normals(random, 2 ** depth, 1);
    return (row) => {
      let node = 0;
      while (node < asks.length) node = 2 * node + (row[asks[node]!]! > 0 ? 2 : 1);
      return leaves[node - asks.length]!;
    };
  },
};

function normals(random: Random, count: number, deviation: number): Float64Array {
  return Float64Array.from({ length: count }, () => deviation * random.normal());
}

function weighted(weights: Float64Array): Drawn {
  return (row) => weights.reduce((sum, weight, i) => sum + weight * row[i]!, 0);
}
