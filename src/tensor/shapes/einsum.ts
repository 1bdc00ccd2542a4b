import { ShapeError, ValueError } from "../../errors.js";
import { type Shape, showShape } from "../shape.js";
import type { Dim, Dims, Open, Same, ShowDims } from "./dims.js";

/** The letters of a part of an equation. */
type Letters<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? First extends " "
    ? Letters<Rest>
    : [First, ...Letters<Rest>]
  : [];

type Parts<Text extends string> = Text extends `${infer First},${infer Rest}`
  ? [Letters<First>, ...Parts<Rest>]
  : [Letters<Text>];

/** The sizes that letters stand for, or the message of what does not fit. */
type Bind<
  Equation extends string,
  Names extends readonly string[],
  S extends Dims,
  Known extends Readonly<Record<string, Dim>>,
  Whole extends Dims = S,
  All extends readonly string[] = Names,
> = Names extends readonly [infer Name extends string, ...infer Others extends readonly string[]]
  ? S extends readonly [infer N extends Dim, ...infer Rest extends Dims]
    ? Name extends keyof Known
      ? [Same<Known[Name], N>] extends [never]
        ? `einsum: expected ${Known[Name]} for ${Name} of "${Equation}", got ${N} in ${ShowDims<Whole>}`
        : Bind<Equation, Others, Rest, Omit<Known, Name> & Record<Name, Same<Known[Name], N>>, Whole, All>
      : Bind<Equation, Others, Rest, Known & Record<Name, N>, Whole, All>
    : WrongRank<Equation, Whole, All>
  : S extends readonly []
    ? Known
    : WrongRank<Equation, Whole, All>;

type WrongRank<
  Equation extends string,
  S extends Dims,
  Names extends readonly string[],
> = `einsum: expected ${Names["length"]} axes for "${Equation}", got ${ShowDims<S>}`;

type BindAll<
  Equation extends string,
  Inputs extends readonly (readonly string[])[],
  Shapes extends readonly Dims[],
  Known extends Readonly<Record<string, Dim>> = Record<never, never>,
> = Inputs extends readonly [
  infer Names extends readonly string[],
  ...infer Others extends readonly (readonly string[])[],
]
  ? Shapes extends readonly [infer S extends Dims, ...infer Rest extends readonly Dims[]]
    ? Open<S> extends true
      ? BindAll<Equation, Others, Rest, Known>
      : Bind<Equation, Names, S, Known> extends infer Next
        ? Next extends string
          ? Next
          : Next extends Readonly<Record<string, Dim>>
            ? BindAll<Equation, Others, Rest, Next>
            : never
        : never
    : `einsum: expected ${number} operands for "${Equation}", got fewer`
  : Shapes extends readonly []
    ? Known
    : `einsum: expected fewer operands for "${Equation}"`;

type Looked<Names extends readonly string[], Known> = {
  -readonly [K in keyof Names]: Names[K] extends keyof Known
    ? Known[Names[K]] extends Dim
      ? Known[Names[K]]
      : number
    : number;
};

/** The shape of an Einstein sum, "bij,bjk->bik"; or the message of what does not fit. */
export type Einsum<Equation extends string, Shapes extends readonly Dims[]> = string extends Equation
  ? number[]
  : Equation extends `${infer Inputs}->${infer Output}`
    ? BindAll<Equation, Parts<Inputs>, Shapes> extends infer Known
      ? Known extends string
        ? Known
        : Looked<Letters<Output>, Known>
      : never
    : number[];

/** Checks {@link Einsum}. Throws ShapeError with the same words, ValueError where the equation cannot be read. */
export function checkEinsum(equation: string, shapes: readonly Shape[]): void {
  const [left, right] = equation.replaceAll(" ", "").split("->");
  if (left === undefined || right === undefined) {
    throw new ValueError({ what: "einsum", expected: 'an equation like "ij,jk->ik"', got: `"${equation}"` });
  }
  const inputs = left.split(",");
  if (inputs.length !== shapes.length) {
    const expected = `${inputs.length} operands for "${equation}"`;
    throw new ShapeError({ what: "einsum", expected, got: String(shapes.length) });
  }
  const sizes = new Map<string, number>();
  inputs.forEach((letters, index) => {
    const shape = shapes[index]!;
    if (letters.length !== shape.length) {
      const expected = `${letters.length} axes for "${equation}"`;
      throw new ShapeError({ what: "einsum", expected, got: showShape(shape) });
    }
    [...letters].forEach((letter, place) => {
      const known = sizes.get(letter) ?? shape[place]!;
      if (known !== shape[place]) {
        const expected = `${known} for ${letter} of "${equation}"`;
        throw new ShapeError({ what: "einsum", expected, got: `${shape[place]} in ${showShape(shape)}` });
      }
      sizes.set(letter, known);
    });
  });
  const stranger = [...right].find((letter) => !sizes.has(letter));
  if (stranger === undefined) return;
  const expected = `letters of the inputs behind -> of "${equation}"`;
  throw new ValueError({ what: "einsum", expected, got: `'${stranger}'` });
}
