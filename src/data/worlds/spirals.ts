import { numberIn } from "../../tensor/arguments.js";
import { Generated } from "./generated.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link spirals} takes. Default sizes: 2,000 and 500. */
export interface SpiralsOptions extends WorldOptions {
  /** How many spirals lie in each other, one a class: 2 to 100. Default 3. */
  readonly arms?: number;
  /** How often each winds around the middle. Default 1. */
  readonly turns?: number;
  /** The deviation of the normal noise that is added to both coordinates. Default 0.03. */
  readonly noise?: number;
}

/**
 * Points in the plane on spirals that lie in each other: no line and no few lines part them (after Lang and Witbrock 1988, "Learning to
 * Tell Two Spirals Apart"). x: [2], y: the spiral. A point lies at radius r, evenly from 0.1 … 1, and angle 2π (turns · r + arm / arms),
 * plus the noise. Each class has as many points, one more at most. Throws ValueError.
 */
export function spirals(options: SpiralsOptions = {}): World<Generated<readonly [2]>> {
  const { arms = 3, turns = 1, noise = 0.03 } = options;
  wholeNumber("spirals: arms", arms, 2, 100);
  numberIn("spirals: turns", turns, 0);
  numberIn("spirals: noise", noise, 0);
  const classes = Array.from({ length: arms }, (_, arm) => `arm ${arm}`);
  return makeWorld("spirals", options, ["arms", "turns", "noise"], { train: 2_000, test: 500 }, (part) => {
    return new Generated<readonly [2]>({
      ...part,
      inputShape: [2],
      inputs: "float32",
      targetShape: [],
      targets: "int32",
      classes,
      label: (index) => index % arms,
      draw(random, x, y) {
        const arm = y[0]!;
        const radius = 0.1 + 0.9 * random.uniform();
        const angle = 2 * Math.PI * (turns * radius + arm / arms);
        x[0] = radius * Math.cos(angle) + noise * random.normal();
        x[1] = radius * Math.sin(angle) + noise * random.normal();
      },
    });
  });
}
