import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { freePort } from "./ports.js";

test("ports are given once, below those that systems hand out, and not where somebody listens", async () => {
  const port = await freePort();
  assert.ok(port >= 10_000 && port < 32_768, String(port));
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port + 1, "127.0.0.1", resolve);
  });
  try {
    const later = await Promise.all(Array.from({ length: 20 }, freePort));
    assert.equal(new Set([port, port + 1, ...later]).size, 22);
  } finally {
    server.close();
  }
});
