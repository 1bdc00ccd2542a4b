/** Guessing what a mistyped word was meant to be. It imports nothing. */

/**
 * The candidate nearest to a word, in any case of letters, or the only one that it abbreviates (`mse`, `val_loss`, `acc`); undefined if
 * none is near (more than a third of it differs).
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best ?? abbreviated(word, candidates);
}

/** The only candidate whose initials, or beginnings of whose words, the word is; or else that is a part of it, or it of that. */
function abbreviated(word: string, candidates: readonly string[]): string | undefined {
  const short = wordsOf(word);
  const bare = short.join("");
  const rules: readonly ((words: readonly string[]) => boolean)[] = [
    (words) => words.length > 1 && words.map((each) => each[0]).join("") === bare,
    (words) =>
      words.length === short.length && words.every((each, at) => short[at]!.length > 1 && each.startsWith(short[at]!)),
    (words) => bare.length >= 3 && words.join("").includes(bare),
    (words) => words.join("").length >= 6 && bare.includes(words.join("")),
  ];
  for (const rule of rules) {
    const found = candidates.filter((candidate) => rule(wordsOf(candidate)));
    if (found.length === 1) return found[0];
  }
  return undefined;
}

/** `meanSquaredError`, `mean_squared_error` → mean, squared, error. */
function wordsOf(name: string): string[] {
  const parts = name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").split(/[^A-Za-z0-9]+/);
  return parts.filter((part) => part !== "").map((part) => part.toLowerCase());
}

/** How many characters must be inserted, removed, replaced or swapped with a neighbour (Damerau 1964) to make one of the other. */
export function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped =
        from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length]!;
}
