import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearest } from "../../src/nearest.js";

test("a slip of the finger is one edit", () => {
  assert.equal(editDistance("start", "start"), 0);
  assert.equal(editDistance("strat", "start"), 1);
  assert.equal(editDistance("stat", "start"), 1);
  assert.equal(editDistance("sttart", "start"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
});

test("the nearest candidate is suggested, and none when all are far", () => {
  assert.equal(nearest("--cdua", ["--cpu", "--cuda"]), "--cuda");
  assert.equal(nearest("doctr", ["start", "doctor", "demo"]), "doctor");
  assert.equal(nearest("frobnicate", ["start", "doctor", "demo"]), undefined);
  assert.equal(nearest("x", []), undefined);
});

test("the nearest name is found over typing slips, and none where nothing is near", () => {
  const known = ["padding", "stride", "bias"];
  assert.equal(nearest("paddding", known), "padding");
  assert.equal(nearest("Padding", known), "padding");
  assert.equal(nearest("strid", known), "stride");
  assert.equal(nearest("bais", known), "bias");
  assert.equal(nearest("temperature", known), undefined);
  assert.equal(nearest("", known), undefined);
});

test("the field's abbreviations and other libraries' names are understood, where only one can be meant", () => {
  const losses = ["crossEntropy", "binaryCrossEntropy", "meanSquaredError", "meanAbsoluteError", "huber", "hinge"];
  const metrics = [
    "accuracy",
    "topKAccuracy",
    "binaryAccuracy",
    "rocAuc",
    "meanSquaredError",
    "rootMeanSquaredError",
    "f1",
  ];
  const cases: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ["mse", losses, "meanSquaredError"],
    ["MAE", losses, "meanAbsoluteError"],
    ["bce", losses, "binaryCrossEntropy"],
    ["ce", losses, "crossEntropy"],
    ["sparse_categorical_crossentropy", losses, "crossEntropy"],
    ["acc", metrics, "accuracy"],
    ["rmse", metrics, "rootMeanSquaredError"],
    ["auc", metrics, "rocAuc"],
    ["val_loss", ["loss", "accuracy", "validation loss", "validation accuracy"], "validation loss"],
    ["lr", ["learningRate", "momentum"], "learningRate"],
    ["xyz", losses, undefined],
    ["entropy", losses, undefined],
  ];
  for (const [word, candidates, wanted] of cases) assert.equal(nearest(word, candidates), wanted, word);
});
