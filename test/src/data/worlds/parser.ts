/** A parser of the grammar in src/data/worlds/grammar.ts, written from its rules: which ends of a sentence a phrase may have. */

const lists = {
  noun: [
    "key door dog cat teacher picture book child man woman mouse city",
    "keys doors dogs cats teachers pictures books children men women mice cities",
  ],
  determiner: ["the this every a", "the these many some"],
  intransitive: ["waits falls sleeps matters", "wait fall sleep matter"],
  transitive: ["sees likes knows follows", "see like know follow"],
  copula: ["is", "are"],
} as const;
const prepositions = "near behind beside with".split(" ");
const adjectives = "old red small strange".split(" ");

/** Whether the words are a sentence in which all verbs and determiners agree. */
export function isSentence(text: string): boolean {
  const words = text.split(" ");
  const is = (kind: keyof typeof lists, at: number, plural: number) =>
    lists[kind][plural]!.split(" ").includes(words[at] ?? "");

  /** Where a noun phrase of this number that begins at `at` may end. */
  const nounPhrase = (at: number, plural: number): number[] => {
    if (!is("determiner", at, plural) || !is("noun", at + 1, plural)) return [];
    const ends = [at + 2];
    if (prepositions.includes(words[at + 2] ?? "")) ends.push(...anyNounPhrase(at + 3));
    if (words[at + 2] === "that") {
      if (is("transitive", at + 3, plural)) ends.push(...anyNounPhrase(at + 4));
      for (const other of [0, 1]) {
        for (const end of nounPhrase(at + 3, other)) if (is("transitive", end, other)) ends.push(end + 1);
      }
    }
    return ends;
  };
  const anyNounPhrase = (at: number) => [...nounPhrase(at, 0), ...nounPhrase(at, 1)];
  const predicate = (at: number, plural: number): number[] => {
    if (is("intransitive", at, plural)) return [at + 1];
    if (is("copula", at, plural)) return adjectives.includes(words[at + 1] ?? "") ? [at + 2] : [];
    return is("transitive", at, plural) ? anyNounPhrase(at + 1) : [];
  };
  const front = prepositions.includes(words[0]!) ? anyNounPhrase(1).filter((end) => words[end] === ",") : [];
  const starts = prepositions.includes(words[0]!) ? front.map((end) => end + 1) : [0];
  return [0, 1].some((plural) =>
    starts
      .flatMap((start) => nounPhrase(start, plural))
      .some((end) => predicate(end, plural).some((last) => words[last] === "." && last === words.length - 1)),
  );
}
