/** The substitutions of mteval-v13a.pl, which WMT and sacrebleu score with, in their order. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/([{-~[-` -&(-+:-@/])/g, " $1 "],
  // Period and comma, unless a digit comes before, or behind.
  [/([^0-9])([.,])/g, "$1 $2 "],
  [/([.,])([^0-9])/g, " $1 $2"],
  // A dash behind a digit.
  [/([0-9])(-)/g, "$1 $2 "],
];

const entities: readonly (readonly [string, string])[] = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
];

/** The words and marks of a line, as sacrebleu's tokenizer "13a" finds them. */
export function tokenize13a(line: string): string[] {
  let text = line.replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  for (const [entity, character] of entities) text = text.replaceAll(entity, character);
  text = rules.reduce((made, [pattern, by]) => made.replace(pattern, by), ` ${text} `);
  return text.split(/\s+/).filter((token) => token !== "");
}
