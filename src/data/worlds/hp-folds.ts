import { Random } from "../../tensor/random.js";
import { checkEnough, Shuffled } from "./distinct.js";
import { Generated } from "./generated.js";
import { table } from "./hp-table.js";
import { type LatticeFold, latticeContacts } from "./lattice-fold.js";
import { makeWorld, type Part, type World, type WorldOptions } from "./world.js";

/** Residues of a chain. */
const length = 18;
/** Characters of a chain in the table, and of its fold. */
const [chainDigits, foldDigits] = [4, 5];
const entry = chainDigits + foldDigits;
const available = table.length / entry;

/** Chains of the HP model and their native contact maps. */
export class HpFolds extends Generated<readonly [18]> {
  readonly #native: (index: number) => NativeChain;

  constructor(part: Part, native: (index: number) => NativeChain) {
    super({
      ...part,
      inputShape: [length],
      inputs: "int32",
      targetShape: [length, length],
      targets: "float32",
      draw(_, x, y, index) {
        const { sequence, places } = native(index);
        x.set(Array.from(sequence, (letter) => Number(letter === "H")));
        for (const [i, j] of latticeContacts(places)) y[i * length + j] = y[j * length + i] = 1;
      },
    });
    this.#native = native;
  }

  /** The chain in letters: `HPPHPH…`. */
  sequence(index: number): string {
    return this.#native(index).sequence;
  }

  /** Where its native fold has each residue, [x, y]. */
  places(index: number): LatticeFold["places"] {
    return this.#native(index).places;
  }
}

interface NativeChain {
  readonly sequence: string;
  readonly places: LatticeFold["places"];
}

/**
 * Proteins of the HP model on the square lattice (Dill 1985; Lau and Dill 1989): all chains of 18 hydrophobic (H) and polar (P) residues
 * that have one fold of lowest energy, their native state, as 6,349 of the 262,144 have (Irbäck and Troein 2002, "Enumerating Designing
 * Sequences in the HP Model"); found by going through all folds of all chains. x: [18] tokens, 1 for H, 0 for P; y: [18, 18], 1 where two
 * residues touch in the native state and do not follow each other, else 0. A chain and its reverse count as one, of which the seed
 * draws the direction: there are 3,189, each is in one half only. Default sizes: 2,600 and 589, all of them. Throws ValueError.
 */
export function hpFolds(options: WorldOptions = {}): World<HpFolds> {
  const { train = 2_600, test = 589, seed = 0 } = options;
  return makeWorld("hpFolds", options, [], { train: 2_600, test: 589 }, (part) => {
    checkEnough("hpFolds", { train, test }, available, "chains with one native fold");
    const order = new Shuffled(available, seed, "hpFolds");
    return new HpFolds(part, (index) => {
      const isReversed = new Random(part.seed, `${part.name} direction ${index}`).uniform() < 0.5;
      return chainAt(order.at(part.from + index), isReversed);
    });
  });
}

function chainAt(number: number, isReversed: boolean): NativeChain {
  const text = table.slice(number * entry, (number + 1) * entry);
  const bits = Number.parseInt(text.slice(0, chainDigits), 36);
  const turns = Number.parseInt(text.slice(chainDigits), 36)
    .toString(3)
    .padStart(length - 2, "0");
  const letters = Array.from({ length }, (_, i) => ((bits >> (length - 1 - i)) & 1 ? "H" : "P"));
  let [x, y, dx, dy] = [1, 0, 1, 0];
  const places: [number, number][] = [
    [0, 0],
    [x, y],
  ];
  for (const turn of turns) {
    // 0 straight on, 1 left, 2 right.
    if (turn !== "0") [dx, dy] = turn === "1" ? [-dy, dx] : [dy, -dx];
    [x, y] = [x + dx, y + dy];
    places.push([x, y]);
  }
  if (isReversed) {
    letters.reverse();
    places.reverse();
  }
  return { sequence: letters.join(""), places };
}
