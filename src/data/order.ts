/** Seeded orders of examples, the same on every machine; nothing here asks the host for randomness. */

/**
 * The numbers 0 … size − 1 in an order drawn from the seeds (Fisher–Yates over splitmix32). Several seeds name one order:
 * `permutation(n, seed, epoch)`.
 */
export function permutation(size: number, ...seeds: readonly number[]): Int32Array {
  const next = splitmix32(seeds.reduce((state, seed) => mix(state + mix(seed) + golden), 0));
  const order = Int32Array.from({ length: size }, (_, index) => index);
  for (let last = size - 1; last > 0; last--) {
    const chosen = Math.floor((next() / 2 ** 32) * (last + 1));
    const kept = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = kept;
  }
  return order;
}

const golden = 0x9e3779b9;

/** Unsigned 32-bit numbers; Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number Generators", with a 32-bit mixer. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + golden) | 0;
    return mix(state);
  };
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
