import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { toExpression } from "../../../kernel/language/expression.js";

/** What a debugger would show: evaluated as `kernel/debug/evaluator.ts` does, over these names. */
function value(code: string, scope: Record<string, unknown>): unknown {
  const js = toExpression(code, Object.keys(scope));
  return runInNewContext(`{ const __scope = scope, __thrown = (value) => value;\n${js}\n}`, { scope });
}

test("TypeScript is evaluated over the names of the notebook", () => {
  assert.equal(value("n as number + 1", { n: 2 }), 3);
  assert.equal(value("n! > 1; // why", { n: 2 }), true);
  assert.equal(value("let q: number = n; q * n", { n: 3 }), 9);
  const scope = { n: 1 };
  value("n = 5", scope);
  assert.equal(scope.n, 5);
  assert.throws(() => toExpression("const = 1", []), SyntaxError);
});

test("what the code declares itself is its own, and leaves the notebook as it was", () => {
  const scope = { n: 2, twice: "the notebook's" };
  assert.equal(value("function twice(x: number) { return x * n; } twice(4)", scope), 8);
  assert.equal(value("class twice { static x = n; } twice.x", scope), 2);
  assert.equal(value("const { twice } = { twice: n }; twice", scope), 2);
  assert.deepEqual(scope, { n: 2, twice: "the notebook's" });
});
