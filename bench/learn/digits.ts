import { data, nn, optim, train } from "../../src/index.js";
import type { Learning } from "./learning.js";

/** A CNN with batch norm and dropout; 2,000 digits that it never saw judge it. */
export const digits: Learning = {
  title: "CNN on 8,000 digits of MNIST",
  async run(scale) {
    const [size, epochs, least] = scale === "full" ? [8000, 16, 0.985] : [1500, 6, 0.92];
    const sets = await data.mnist({ train: size });
    nn.seed(1);
    const stage = (filters: number) =>
      [nn.conv2d(filters, 3, { padding: "same" }), nn.batchNorm(), nn.relu(), nn.maxPool2d(2)] as const;
    const net = nn.sequential(
      nn.input(28, 28, 1),
      ...stage(32),
      ...stage(64),
      nn.flatten(),
      nn.dropout(0.4),
      nn.dense(128),
      nn.relu(),
      nn.dropout(0.4),
      nn.dense(10),
    );
    const steps = epochs * Math.ceil(size / 64);
    const optimizer = optim.adam(optim.cosine({ peak: 2e-3, steps }));
    await train.fit(net, sets.train, { optimizer, batchSize: 64, epochs, quiet: true });
    const { accuracy } = await train.evaluate(net, sets.test);
    return [{ what: "accuracy", value: accuracy!, target: { least } }];
  },
};
