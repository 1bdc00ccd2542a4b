/** Arithmetic in types: this file compiles only if it is right. */
import { test } from "node:test";
import type { Divides, Product, ShowShape, Windows } from "../../src/tensor/arithmetic.js";
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
