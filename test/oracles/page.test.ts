/** docs/oracles.md names what every number of the language is held against. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as nn from "../../src/nn/index.js";
import * as optim from "../../src/optim/index.js";
import { root } from "../root.js";
import { items, oraclesPage } from "./page.js";

/** What computes no numbers of its own: it puts together, names, moves or describes. */
const numberless = new Set([
  ...["input", "flatten", "dropout", "lambda", "defineLayer", "shared", "freeze", "unfreeze", "seed"],
  ...["weights", "setWeights", "copyWeights", "generate", "translate", "streaming"],
]);

test("every layer, loss, metric, optimizer and schedule has an oracle", () => {
  const known = new Set(items().map(({ name }) => name.replace(/^init\./, "")));
  const named = (room: object) =>
    Object.entries(room)
      .filter(([, value]) => typeof value === "function" && !/^class\s/.test(String(value)))
      .map(([name]) => name);
  const all = [nn, nn.losses, nn.metrics, nn.init, optim].flatMap(named);
  assert.ok(all.length > 150, String(all.length));
  assert.deepEqual(
    all.filter((name) => !known.has(name) && !numberless.has(name)),
    [],
  );
});

test("docs/oracles.md is what the fixtures say", () => {
  assert.equal(readFileSync(join(root, "docs/oracles.md"), "utf8"), oraclesPage());
});
