/** Arithmetic in types: this file compiles only if it is right. */
import { test } from "node:test";
import type { Divides, Grown, Minus, Product, Reach, ShowShape, Sum, Windows } from "../../src/tensor/arithmetic.js";
import type { Shape } from "../../src/tensor/shape.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for types that are equal. */
function same<_Result extends true>(): void {}

test("arithmetic in types agrees with arithmetic", () => {
  same<Equal<Product<[]>, 1>>();
  same<Equal<Product<[5, 5, 32]>, 800>>();
  same<Equal<Product<[224, 224, 3]>, 150528>>();
  same<Equal<Product<[5, number, 32]>, number>>();
  same<Equal<Product<Shape>, number>>();
  same<Equal<Windows<28, 3, 1, "valid">, 26>>();
  same<Equal<Windows<27, 3, 2, "valid">, 13>>();
  same<Equal<Windows<28, 3, 2, "same">, 14>>();
  same<Equal<Windows<27, 3, 2, "same">, 14>>();
  same<Equal<Windows<3, 3, 1, "valid">, 1>>();
  same<Equal<Windows<2, 3, 1, "valid">, never>>();
  same<Equal<Windows<2, 3, 1, "same">, 2>>();
  same<Equal<Windows<28, 3, 1, "same" | "valid">, number>>();
  same<Equal<Windows<number, 3, 1, "valid">, number>>();
  same<Equal<Windows<28, 3, number, "valid">, number>>();
  same<Equal<Product<[1000, 1000, 1000]>, 1000000000>>();
  same<Equal<Product<[10, 0, 3]>, number>>();
  same<Equal<Product<[2.5, 4]>, number>>();
  same<Equal<Product<[2 | 3, 4]>, 8 | 12>>();
  same<Equal<Windows<1000, 1, 999, "valid">, 2>>();
  same<Equal<Windows<1000, 1, 1000, "valid">, 1>>();
  same<Equal<Windows<100, 2, 1, "valid">, 99>>();
  same<Equal<Windows<28 | 30, 3, 1 | 2, "valid">, 26 | 28 | 13 | 14>>();
  same<Equal<Windows<2 | 30, 3, 1, "valid">, 28>>();
  same<Equal<Windows<28 | 30, 3, 4, "same">, 7 | 8>>();
  same<Equal<Windows<28, -3, 1, "valid">, number>>();
  same<Equal<Windows<28, 3, 1.5, "same">, number>>();
  same<Equal<Windows<28, 3, 0, "valid">, number>>();
  same<Equal<Windows<28, 3, 1, "valid", 4>, 20>>();
  same<Equal<Windows<9, 3, 2, "valid", 4>, 1>>();
  same<Equal<Windows<8, 3, 1, "valid", 4>, never>>();
  same<Equal<Windows<8, 3, 3, "causal", 4>, 3>>();
  same<Equal<Windows<8, 1, 1, "valid", 100>, 8>>();
  same<Equal<Windows<28, 3, 1, "valid", number>, number>>();
  same<Equal<Windows<28, 3, 1, "valid", 0>, number>>();
  same<Equal<Windows<28, 3, 2, "same" | "causal">, 14>>();
  same<Equal<Reach<3, 1>, 3>>();
  same<Equal<Reach<3, 64>, 129>>();
  same<Equal<Reach<11, 2>, 21>>();
  same<Equal<Reach<1, 7>, 1>>();
  same<Equal<Reach<number, 7>, number>>();
  same<Equal<Grown<10, 4, 2, "valid">, 22>>();
  same<Equal<Grown<10, 2, 3, "valid">, 30>>();
  same<Equal<Grown<1, 3, 1, "valid">, 3>>();
  same<Equal<Grown<100, 10, 11, "valid">, 1100>>();
  same<Equal<Grown<10, 3, 2, "valid", 4>, 27>>();
  same<Equal<Grown<14, 3, 2, "same">, 28>>();
  same<Equal<Grown<14, number, 2, "same">, number>>();
  same<Equal<Grown<14, 3, 2, "same" | "valid">, number>>();
  same<Equal<Sum<28, 0>, 28>>();
  same<Equal<Sum<0, 0>, 0>>();
  same<Equal<Sum<95, 7>, 102>>();
  same<Equal<Sum<95, -7>, number>>();
  same<Equal<Sum<number, 7>, number>>();
  same<Equal<Minus<102, 7>, 95>>();
  same<Equal<Minus<7, 0>, 7>>();
  same<Equal<Minus<7, 7>, never>>();
  same<Equal<Minus<7, 102>, never>>();
  same<Equal<Minus<7, number>, number>>();
  same<Equal<Divides<4, 64>, true>>();
  same<Equal<Divides<0, 64>, true>>();
  same<Equal<Divides<5, 64>, false>>();
  same<Equal<Divides<4 | 8, 64>, true>>();
  same<Equal<Divides<number, 64>, true>>();
  same<Equal<ShowShape<[28, number, 1]>, "[28, ?, 1]">>();
  same<Equal<ShowShape<Shape>, "[...]">>();
  // @ts-expect-error: and it can fail.
  same<Equal<Product<[5, 5, 32]>, 801>>();
});
