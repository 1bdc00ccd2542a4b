import assert from "node:assert/strict";
import { test } from "node:test";
import { killAgainAndAgain } from "./kills.js";

test("killed eight times at random moments, a run ends in the bytes of one that was not, and loses few steps", async () => {
  const seed = Date.now() % 1e6;
  const { lives, repeated } = await killAgainAndAgain(8, seed);
  assert.equal(lives.length, 8);
  // A checkpoint every 3 steps, written while the next 3 are made.
  assert.ok(repeated <= 8 * 6, `${repeated} steps made again, seed ${seed}`);
});
