import { ValueError } from "../../errors.js";
import { show } from "../../tensor/arguments.js";

/** The native state of a chain in the HP model: its folds of lowest energy, of which one is told. */
export interface LatticeFold {
  /** −1 for each pair of H that are neighbours on the lattice and not along the chain. */
  readonly energy: number;
  /** How many folds have that energy; those that turn or mirror into each other are one. */
  readonly count: number;
  /** Where the first of them puts each residue, [x, y]. */
  readonly places: readonly (readonly [x: number, y: number])[];
}

/** Neighbours on the lattice that are not neighbours along the chain, of whatever kind: `[i, j]`, i < j. */
export function latticeContacts(places: LatticeFold["places"]): [number, number][] {
  const contacts: [number, number][] = [];
  for (let i = 0; i < places.length; i++) {
    for (let j = i + 3; j < places.length; j += 2) {
      const [a, b] = [places[i]!, places[j]!];
      if (Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) === 1) contacts.push([i, j]);
    }
  }
  return contacts;
}

/**
 * Folds a chain of H (hydrophobic) and P (polar) residues on the square lattice into its state of lowest energy (Dill 1985; Lau and
 * Dill 1989): exact, by going through all folds that could reach it, which takes a moment for chains of 20, seconds for 25, and much longer
 * beyond. Throws ValueError for other letters and chains that are shorter than 3 or longer than 36.
 */
export function latticeFold(sequence: string): LatticeFold {
  if (typeof sequence !== "string" || !/^[HP]{3,36}$/.test(sequence)) {
    throw new ValueError({ what: "latticeFold", expected: "3 to 36 letters H and P", got: show(sequence) });
  }
  const search = new FoldSearch(Uint8Array.from(sequence, (letter) => Number(letter === "H")));
  for (let contacts = search.most; ; contacts--) {
    const count = search.folds(contacts);
    if (count > 0) return { energy: -contacts, count, places: search.found };
  }
}

/** Steps to the four neighbours. */
const steps: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** Branch and bound over the self-avoiding walks of one chain. */
export class FoldSearch {
  /** The most contacts that the parity of places allows: each is between an even and an odd residue. */
  readonly most: number;
  /** Where the first fold of the last search has its residues. */
  found: [x: number, y: number][] = [];
  readonly #chain: Uint8Array;
  readonly #side: number;
  /** Residue + 1 at each cell, 0 where there is none. */
  readonly #cells: Uint8Array;
  readonly #path: Int32Array;
  /** The most contacts of the H of either parity that are not placed, from each residue on. */
  readonly #even: Int32Array;
  readonly #odd: Int32Array;
  readonly #offsets: readonly number[];

  /** `chain`: 1 for H, 0 for P. */
  constructor(chain: Uint8Array) {
    const { length } = chain;
    this.#chain = chain;
    this.#side = 2 * length + 1;
    this.#cells = new Uint8Array(this.#side ** 2);
    this.#path = new Int32Array(length);
    this.#offsets = steps.map(([x, y]) => x + y * this.#side);
    this.#even = new Int32Array(length + 1);
    this.#odd = new Int32Array(length + 1);
    for (let residue = length - 1; residue >= 0; residue--) {
      const room = chain[residue]! * (residue === 0 || residue === length - 1 ? 3 : 2);
      this.#even[residue] = this.#even[residue + 1]! + (residue % 2 === 0 ? room : 0);
      this.#odd[residue] = this.#odd[residue + 1]! + (residue % 2 === 1 ? room : 0);
    }
    this.most = Math.min(this.#even[0]!, this.#odd[0]!);
  }

  /** How many folds have `contacts` contacts between H, or more; it stops counting at `enough`. */
  folds(contacts: number, enough = Number.POSITIVE_INFINITY): number {
    const chain = this.#chain;
    const cells = this.#cells;
    const path = this.#path;
    const [right, , , down] = this.#offsets;
    const last = chain.length - 1;
    let count = 0;
    /** The free cells around placed H of each parity. */
    const room = [0, 0];

    /** Contacts that residues from `next` on may still make; the place of the next one is taken. */
    const bound = (next: number): number => {
      const tail = next - 1;
      const taken = chain[tail]! === 1 && tail < last ? 1 : 0;
      const toOdd = Math.min(room[1]! - (tail % 2 === 1 ? taken : 0), this.#even[next]!);
      const toEven = Math.min(room[0]! - (tail % 2 === 0 ? taken : 0), this.#odd[next]!);
      return toOdd + toEven + Math.min(this.#even[next]! - toOdd, this.#odd[next]! - toEven);
    };

    /** Puts a residue there and all behind it in all ways. `made`: contacts so far. */
    const place = (residue: number, cell: number, made: number, isStraight: boolean): void => {
      const isH = chain[residue]!;
      const parity = residue % 2;
      let bonds = made;
      let free = 0;
      for (const offset of this.#offsets) {
        const other = cells[cell + offset]!;
        if (other === 0) free++;
        else if (chain[other - 1] === 1) {
          room[(other - 1) % 2]!--;
          if (isH === 1 && other !== residue) bonds++;
        }
      }
      if (isH === 1) room[parity]! += free;
      cells[cell] = residue + 1;
      path[residue] = cell;
      if (residue === last) {
        if (bonds >= contacts && ++count === 1) this.found = this.#places();
      } else if (bonds + bound(residue + 1) >= contacts) {
        for (const offset of this.#offsets) {
          // Walks that turn or mirror into each other are one: the first step is to the right, the first turn is up.
          if (residue === 0 ? offset !== right : isStraight && offset === down) continue;
          if (cells[cell + offset] !== 0) continue;
          place(residue + 1, cell + offset, bonds, isStraight && (residue === 0 || offset === right));
          if (count >= enough) break;
        }
      }
      cells[cell] = 0;
      if (isH === 1) room[parity]! -= free;
      for (const offset of this.#offsets) {
        const other = cells[cell + offset]!;
        if (other !== 0 && chain[other - 1] === 1) room[(other - 1) % 2]!++;
      }
    };
    place(0, chain.length * this.#side + chain.length, 0, true);
    return count;
  }

  #places(): [x: number, y: number][] {
    const middle = this.#chain.length;
    return Array.from(this.#path, (cell) => [(cell % this.#side) - middle, Math.floor(cell / this.#side) - middle]);
  }
}
