import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "../../../src/runtime/tf.js";
import { root } from "../../root.js";
import { gradientError, hostReads, secondGradientError } from "./differences.js";
import { differentiable, operations, others } from "./gradients/list.js";
import type { Use } from "./gradients/operation.js";
import { gradientsPage } from "./gradients/page.js";

/** Where `tf` keeps operations. */
const groups: Readonly<Record<string, object>> = {
  fused: tf.fused,
  image: tf.image,
  linalg: tf.linalg,
  losses: tf.losses,
  math: tf.math,
  signal: tf.signal,
  sparse: tf.sparse,
  spectral: tf.spectral,
  string: tf.string,
};

/** What else lies in `tf` by name: help for those who write backends, and files. */
const noGroups =
  `ENV backend_util broadcast_util browser device_util gather_util io kernel_impls scatter_util serialization
  slice_util tensor_util test_util util`.split(/\s+/);

/** How far a derivative in float32 may be from a difference of values around 1. */
const tolerance = 2e-4;

function functionsOf(group: object): string[] {
  return Object.entries(group)
    .filter(([, value]) => typeof value === "function")
    .map(([name]) => name);
}

/** The uses of which `fails` says something, with what it says or throws. */
function failures(fails: (use: Use) => string | undefined): string[] {
  const found: string[] = [];
  for (const { name, uses } of differentiable) {
    for (const use of uses) {
      const about = (words: string) => found.push(`${name}${use.of && ` (${use.of})`}: ${words}`);
      try {
        const words = tf.tidy("use", () => (fails(use) ?? "") as never) as string;
        if (words !== "") about(words);
      } catch (error) {
        about(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return found;
}

const isFar = (error: number) => (error < tolerance ? undefined : `off by ${error}`);

test("every function of tf is in the list, and nothing else", () => {
  const inGroups = Object.entries(groups).flatMap(([group, members]) =>
    functionsOf(members).map((name) => `${group}.${name}`),
  );
  const names = [...functionsOf(tf), ...inGroups];
  assert.deepEqual(operations.map(({ name }) => name).toSorted(), names.toSorted());
  const others = Object.entries(tf).filter(([name]) => !(name in groups) && !noGroups.includes(name));
  const unknown = others.filter(([, value]) => typeof value === "object" && functionsOf(value ?? {}).length > 0);
  assert.deepEqual(
    unknown.map(([name]) => name),
    [],
  );
});

test("the gradient of every operation agrees with differences", () => {
  assert.deepEqual(
    failures(({ f, x, step }) => isFar(gradientError(f, x(), step))),
    [],
  );
});

test("the gradient of every gradient agrees with differences", () => {
  // The square makes that of linear operations a function of the variable.
  assert.deepEqual(
    failures(({ f, x, step }) => isFar(secondGradientError((x) => tf.square(f(x)), x(), step))),
    [],
  );
});

test("no operation, and no gradient, reads anything on the host", () => {
  const reads = ({ f, x }: Use) => {
    const there = tf.mul(x(), 1);
    const count = hostReads(() => f(there)) + hostReads(() => tf.grad(f)(there));
    return count === 0 ? undefined : `${count} reads`;
  };
  assert.deepEqual(failures(reads), []);
  const readers = others.filter(({ run }) => run !== undefined && hostReads(() => tf.tidy(() => void run())) > 0);
  assert.deepEqual(
    readers.map(({ name }) => name),
    [],
  );
});

test("docs/gradients.md is what the list says", () => {
  assert.equal(readFileSync(join(root, "docs/gradients.md"), "utf8"), gradientsPage());
});
