/**
 * Natural numbers in types: decimal digits, the last one first, so that 26 is [6, 2]. A layer's type computes with them; what
 * counts is how little the compiler has to do.
 */
type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** The digits of a number. */
export type Digits = Digit[];

/** A list of as many elements as the digit says: what lists can be joined to, and taken from. */
type Ones = [
  [],
  [1],
  [1, 1],
  [1, 1, 1],
  [1, 1, 1, 1],
  [1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1, 1, 1],
];
type Ten = [...Ones[9], 1];

/** The digits of a positive whole number; never for others (0, -1, 28.5). */
export type DigitsOf<N extends number> = N extends 0 ? never : Read<`${N}`>;

type Read<Text extends string, Done extends Digits = []> = Text extends `${infer D extends Digit}${infer Rest}`
  ? Read<Rest, [D, ...Done]>
  : Text extends ""
    ? Done
    : never;

/** The number that has these digits. */
export type NumberOf<D extends Digits, Text extends string = ""> = D extends [
  infer Last extends Digit,
  ...infer Before extends Digits,
]
  ? NumberOf<Before, `${Last}${Text}`>
  : Plain<Text> extends `${infer N extends number}`
    ? N
    : never;

/** Without zeros in front. */
type Plain<Text extends string> = Text extends `0${infer Rest}` ? Plain<Rest> : Text;

/** A + B + Carry */
export type Add<A extends Digits, B extends Digits, Carry extends 0 | 1 = 0> = A extends [
  infer X extends Digit,
  ...infer As extends Digits,
]
  ? B extends [infer Y extends Digit, ...infer Bs extends Digits]
    ? [...Ones[X], ...Ones[Y], ...Ones[Carry]] extends [...Ten, ...infer Rest]
      ? [Rest["length"], ...Add<As, Bs, 1>]
      : [...Ones[X], ...Ones[Y], ...Ones[Carry]]["length"] extends infer Sum extends Digit
        ? [Sum, ...Add<As, Bs>]
        : never
    : Carry extends 0
      ? A
      : Add<A, [1]>
  : Carry extends 0
    ? B
    : Add<[1], B>;

/** A − B − Carry, with as many digits as A; never where that is negative. */
export type Subtract<A extends Digits, B extends Digits, Carry extends 0 | 1 = 0> = A extends [
  infer X extends Digit,
  ...infer As extends Digits,
]
  ? B extends [infer Y extends Digit, ...infer Bs extends Digits]
    ? Ones[X] extends [...Ones[Y], ...Ones[Carry], ...infer Rest]
      ? [Rest["length"], ...Subtract<As, Bs>]
      : [...Ten, ...Ones[X]] extends [...Ones[Y], ...Ones[Carry], ...infer Rest]
        ? [Rest["length"], ...Subtract<As, Bs, 1>]
        : never
    : Carry extends 0
      ? A
      : Subtract<A, [1]>
  : [...B, Carry] extends readonly 0[]
    ? []
    : never;

/** A × B */
export type Multiply<A extends Digits, B extends Digits> = A extends Digits
  ? B extends [infer Y extends Digit, ...infer Bs extends Digits]
    ? Add<Times<A, Ones[Y]>, [0, ...Multiply<A, Bs>]>
    : []
  : never;

type Times<A extends Digits, Count extends readonly 1[]> = Count extends [1, ...infer Fewer extends readonly 1[]]
  ? Add<A, Times<A, Fewer>>
  : [];

/** [⌊A / B⌋, A mod B] for one B, in long division. */
export type Divide<
  A extends Digits,
  B extends Digits,
  Quotient extends Digits = [],
  Rest extends Digits = [],
> = A extends [...infer As extends Digits, infer Next extends Digit]
  ? Step<[Next, ...Rest], B> extends [infer Y extends Digit, infer Left extends Digits]
    ? Divide<As, B, [Y, ...Quotient], Left>
    : never
  : [Quotient, Rest];

/** How often B can be taken from A, at most nine times, and what is left. */
type Step<A extends Digits, B extends Digits, Count extends readonly 1[] = []> = [Subtract<A, B>] extends [never]
  ? [Count["length"], A]
  : Step<Subtract<A, B>, B, [...Count, 1]>;
