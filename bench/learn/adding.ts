import { data, nn, optim, train } from "../../src/index.js";
import type { Learning } from "./learning.js";

/** What a mean squared error comes to that always guesses 1: the variance of the sum of two numbers. */
const guessing = 1 / 6;

/** Two numbers of a long row are marked: their sum is to be told at its end. */
export const adding: Learning = {
  title: "Plain RNN and LSTM on the adding problem (Hochreiter and Schmidhuber 1997)",
  async run(scale) {
    const [length, epochs] = scale === "full" ? [200, 40] : [20, 6];
    const world = data.worlds.adding({ length, train: 10_000, test: 1_000 });
    const errorOf = async (layer: ReturnType<typeof nn.lstm | typeof nn.rnn>) => {
      const net = nn.sequential(nn.input(length, 2), layer as ReturnType<typeof nn.lstm>, nn.dense(1)) as nn.Model;
      const plan = {
        loss: "meanSquaredError",
        optimizer: optim.adam(2e-3),
        batchSize: 50,
        clipNorm: 1,
        epochs,
      } as const;
      await train.fit(net, world.train as never, { ...plan, quiet: true });
      return (await train.evaluate(net, world.test as never)).loss;
    };
    nn.seed(1);
    const lstm = await errorOf(nn.lstm(64));
    nn.seed(1);
    const rnn = scale === "full" ? await errorOf(nn.rnn(64)) : Number.NaN;
    const solved = { what: "LSTM, mean squared error", value: lstm, target: { most: scale === "full" ? 0.01 : 0.1 } };
    if (scale === "quick") return [solved];
    return [solved, { what: "plain RNN, mean squared error", value: rnn, target: { least: guessing / 2 } }];
  },
};
