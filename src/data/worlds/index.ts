/** Worlds that are drawn from a seed, as users see them: `data.worlds.spirals()`. */
export { type AddingOptions, adding } from "./adding.js";
export { type ArithmeticOptions, arithmetic, type Sums } from "./arithmetic.js";
export { type CopyingOptions, copying } from "./copying.js";
export { type DatesOptions, dates } from "./dates.js";
export { Generated, type Numbers, type Recipe } from "./generated.js";
export { type GrammarOptions, grammar, type Sentences } from "./grammar.js";
export { type FunctionFamily, type InContextRegressionOptions, inContextRegression } from "./in-context-regression.js";
export { type NumberWordsOptions, numberWords } from "./number-words.js";
export { type SortingOptions, sorting } from "./sorting.js";
export { type SpiralsOptions, spirals } from "./spirals.js";
export type { Translation, TranslationSizes } from "./translation.js";
export type { Vocabulary } from "./vocabulary.js";
export type { World, WorldOptions } from "./world.js";
