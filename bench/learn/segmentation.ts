import { data, nn, optim, train } from "../../src/index.js";
import type { Learning } from "./learning.js";

/** Where a lesion is, and what belongs to the road: the mean over the classes of what is right of what is there or said. */
export const segmentation: Learning = {
  title: "U-Net on lesions and road scenes",
  async run(scale) {
    const isFull = scale === "full";
    const [size, images, epochs] = isFull ? [64, 800, 12] : [32, 160, 8];
    const overlap = async (world: { readonly train: Pictures; readonly test: Pictures }) => {
      nn.seed(1);
      const classes = world.train.classes!.length;
      const net = nn.unet({ input: [size, size, 3], classes, depth: 3, width: isFull ? 12 : 6 }) as nn.Model;
      const steps = epochs * Math.ceil(images / 16);
      const optimizer = optim.adam(optim.cosine({ peak: 3e-3, steps }));
      const plan = { loss: "crossEntropy", metrics: [], optimizer, batchSize: 16, epochs, quiet: true } as const;
      await train.fit(net, world.train as never, plan);
      return (await train.evaluate(net, world.test as never, { metrics: [nn.metrics.iou()] })).iou!;
    };
    const sizes = { train: images, test: isFull ? 200 : 40, size };
    const lesions = await overlap(data.worlds.lesions(sizes));
    const findings = [{ what: "lesions, IoU", value: lesions, target: { least: isFull ? 0.9 : 0.75 } }];
    if (!isFull) return findings;
    return [
      ...findings,
      { what: "roads, IoU", value: await overlap(data.worlds.roads(sizes)), target: { least: 0.9 } },
    ];
  },
};

type Pictures = data.Dataset;
