import { Random } from "../../tensor/random.js";
import { drawFace, drawIdentity, type Identity } from "./face-drawing.js";
import { Generated } from "./generated.js";
import { makeWorld, type Part, type Sizes, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link faces}, {@link facePairs} and {@link faceTriplets} take. Default sizes: 2,000 and 500. */
export interface FacesOptions<S extends number = number> extends WorldOptions {
  /** Pixels along a side, from 24. Default 48. */
  readonly size?: S;
  /** How many people there are in `train`; in `test` a quarter as many others, at least two. Default 200. */
  readonly people?: number;
}

/**
 * Faces of people who are drawn from sixteen traits, each even and independent: widths of head and jaw, places and sizes of eyes,
 * brows, nose, mouth, hair, shades of skin and hair. Everything else changes from picture to picture and says nothing: place, size, tilt and turn of
 * the head, gaze, mouth, glasses, light, brightness, background, noise. x: [size, size, 1] in 0 … 1; y: which person, each as often.
 * The people of `test` are none of those of `train`, whose names they share: this world is for verification, or to be split with
 * `data.split` for recognition. Throws ValueError.
 */
export function faces<const S extends number = 48>(
  options: FacesOptions<S> = {},
): World<Generated<readonly [S, S, 1]>> {
  return faceWorld("faces", options, (part, size, people) => {
    return new Generated<readonly [S, S, 1]>({
      ...part,
      inputShape: [size, size, 1],
      inputs: "float32",
      targetShape: [],
      targets: "int32",
      classes: Array.from({ length: people.length }, (_, person) => `person ${person}`),
      label: (index) => index % people.length,
      draw(random, x, y) {
        drawFace(people[y[0]]!, random, x, size);
      },
    });
  });
}

/**
 * Pairs of the {@link faces}, for `nn.losses.contrastive`: x: [2, size, size, 1], y: 1 where both are the same person, else 0, as many of
 * each. Throws ValueError.
 */
export function facePairs<const S extends number = 48>(
  options: FacesOptions<S> = {},
): World<Generated<readonly [2, S, S, 1]>> {
  return faceWorld("facePairs", options, (part, size, people) => {
    return new Generated<readonly [2, S, S, 1]>({
      ...part,
      inputShape: [2, size, size, 1],
      inputs: "float32",
      targetShape: [],
      targets: "int32",
      classes: ["different", "same"],
      label: (index) => index % 2,
      draw(random, x, y) {
        const [one, other] = two(random, people.length);
        drawFace(people[one]!, random, x.subarray(0, size * size), size);
        drawFace(people[y[0] === 1 ? one : other]!, random, x.subarray(size * size), size);
      },
    });
  });
}

/**
 * Triplets of the {@link faces}, for `nn.losses.triplet`: x: [3, size, size, 1] are two pictures of one person and one of another; y: [1],
 * always 0, which that loss does not look at. Throws ValueError.
 */
export function faceTriplets<const S extends number = 48>(
  options: FacesOptions<S> = {},
): World<Generated<readonly [3, S, S, 1]>> {
  return faceWorld("faceTriplets", options, (part, size, people) => {
    return new Generated<readonly [3, S, S, 1]>({
      ...part,
      inputShape: [3, size, size, 1],
      inputs: "float32",
      targetShape: [1],
      targets: "float32",
      draw(random, x) {
        const [one, other] = two(random, people.length);
        for (const [place, person] of [one, one, other].entries()) {
          drawFace(people[person]!, random, x.subarray(place * size * size, (place + 1) * size * size), size);
        }
      },
    });
  });
}

const sizes: Sizes = { train: 2_000, test: 500 };

function faceWorld<S extends number, D>(
  what: string,
  options: FacesOptions<S>,
  make: (part: Part, size: S, people: readonly Identity[]) => D,
): World<D> {
  const { size = 48 as S, people = 200 } = options;
  wholeNumber(`${what}: size`, size, 24, 1024);
  wholeNumber(`${what}: people`, people, 2, 1_000_000);
  return makeWorld(what, options, ["size", "people"], sizes, (part) => {
    const count = part.isTest ? Math.max(2, Math.round(people / 4)) : people;
    // The same people for single pictures, pairs and triplets of one seed.
    const half = part.isTest ? "test" : "train";
    const all = Array.from({ length: count }, (_, person) =>
      drawIdentity(new Random(part.seed, `faces ${half} person ${person}`)),
    );
    return make(part, size, all);
  });
}

/** Two different numbers below `count`. */
function two(random: Random, count: number): [number, number] {
  const one = random.integer(count);
  return [one, (one + 1 + random.integer(count - 1)) % count];
}
