const multiplier = 0x5bd1e995;

/**
 * MurmurHash2, 32 bit, of a text's UTF-8 bytes, as JupyterLab computes it to name a cell by its code (Austin Appleby,
 * MurmurHash2). Both must agree to the bit.
 */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text, "utf8");
  let hash = seed ^ bytes.length;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    let block = Math.imul(bytes.readInt32LE(at), multiplier);
    block ^= block >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(block, multiplier);
  }
  if (whole < bytes.length) {
    for (let at = bytes.length - 1; at >= whole; at--) hash ^= (bytes[at] ?? 0) << (8 * (at - whole));
    hash = Math.imul(hash, multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return (hash ^ (hash >>> 15)) >>> 0;
}
