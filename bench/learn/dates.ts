import { data, nn, optim, train } from "../../src/index.js";
import type { Learning } from "./learning.js";

/** Dates as people write them, into ISO 8601; those that are asked for at the end were never seen. */
export const dates: Learning = {
  title: "Translating dates: Transformer, and seq2seq LSTM with attention",
  async run(scale) {
    const isFull = scale === "full";
    const [size, epochs, asked] = isFull ? [10_000, 8, 1000] : [10_000, 3, 100];
    const pairs = data.worlds.dates({ train: size, test: asked });
    const exact = async (net: nn.Model) => {
      const steps = epochs * Math.ceil(size / 64);
      const rate = optim.cosine({ peak: 2e-3, steps, warmup: Math.floor(steps / 10) });
      const loss = nn.losses.crossEntropy({ ignoreIndex: 0 });
      const plan = { loss, metrics: [], optimizer: optim.adam(rate), batchSize: 64, epochs, clipNorm: 1 };
      await train.fit(net, pairs.train as never, { ...plan, quiet: true });
      const held = Array.from({ length: asked }, (_, index) => pairs.test.pair(index));
      const { start, end } = pairs.test.target;
      const sources = held.map(([source]) => pairs.test.source.encode(source));
      const made = await nn.translate(net, sources, { start, end });
      return made.filter((tokens, index) => pairs.test.target.decode(tokens) === held[index]![1]).length / asked;
    };
    const { sizes } = pairs.train;
    nn.seed(1);
    const recurrent = await exact(nn.seq2seq({ ...sizes, width: 64 }) as nn.Model);
    const target = { least: isFull ? 0.98 : 0.5 };
    const findings = [{ what: "seq2seq, exact", value: recurrent, target }];
    if (!isFull) return findings;
    nn.seed(1);
    const transformer = nn.transformer({ ...sizes, width: 64, heads: 4, layers: 2, norm: "pre" });
    return [...findings, { what: "Transformer, exact", value: await exact(transformer as nn.Model), target }];
  },
};
