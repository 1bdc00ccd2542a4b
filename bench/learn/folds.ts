import { data, nn, optim, train } from "../../src/index.js";
import type { Learning } from "./learning.js";

/** Which residues of a chain touch in its native fold, beside a guess by how far they are apart in the chain. */
export const folds: Learning = {
  title: "Contact-map transformer on lattice folds of the HP model",
  async run(scale) {
    const [epochs, width, layers] = scale === "full" ? [30, 64, 4] : [2, 32, 2];
    const world = data.worlds.hpFolds();
    const [length] = world.train.inputShape as readonly [number];
    nn.seed(1);
    const net = nn.contactMap({ vocab: 3, length, width, heads: 4, layers, dropout: 0.1 }) as nn.Model;
    const steps = epochs * Math.ceil(world.train.size / 32);
    const rate = optim.cosine({ peak: 2e-3, steps, warmup: Math.floor(steps / 10) });
    const plan = {
      loss: "binaryCrossEntropy",
      metrics: [],
      optimizer: optim.adam(rate),
      batchSize: 32,
      clipNorm: 1,
    } as const;
    await train.fit(net, world.train as never, { ...plan, epochs, quiet: true });
    const { loss } = await train.evaluate(net, world.test as never);
    const target = { most: scale === "full" ? 0.75 : 0.95 };
    return [
      { what: "binary cross-entropy, to that of the distance alone", value: loss / byDistance(world, length), target },
    ];
  },
};

/** The cross-entropy of the best guess that knows nothing but the distance along the chain. */
function byDistance({ train: seen, test }: { train: data.Dataset; test: data.Dataset }, length: number): number {
  const touching = new Float64Array(length);
  const pairs = new Float64Array(length);
  const each = (set: data.Dataset, look: (distance: number, touches: number) => void) => {
    for (let index = 0; index < set.size; index++) {
      (set.y(index) as readonly number[]).forEach((touches, at) => {
        look(Math.abs(Math.floor(at / length) - (at % length)), touches);
      });
    }
  };
  each(seen, (distance, touches) => {
    touching[distance]! += touches;
    pairs[distance]! += 1;
  });
  let sum = 0;
  each(test, (distance, touches) => {
    const chance = Math.min(1 - 1e-7, Math.max(1e-7, touching[distance]! / pairs[distance]!));
    sum -= Math.log(touches > 0.5 ? chance : 1 - chance);
  });
  return sum / (test.size * length * length);
}
