import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "./dap-client.js";
import { debugged } from "./debugged.js";

const dap = debugged();

test("a network trains while breakpoints are set, and tensors are told by their shape", async () => {
  const code = [
    'import { data, nn, optim, train } from "nabla";',
    "const digits = await data.mnist();",
    "const net = nn.sequential(nn.input(28, 28, 1), nn.flatten(), nn.dense(10));",
    'await train.fit(net, digits.test, { loss: "crossEntropy", optimizer: optim.sgd(0.1), epochs: 1, batchSize: 512 });',
    "const steps = train.history(net).steps.length;",
    "const first = digits.test.x(0);",
    "steps;",
  ].join("\n");
  await dap.breakIn(code, [5, 7]);
  const running = dap.execute(code);
  assert.match(await dap.stopped(), /:5 breakpoint$/);
  await dap.go();
  assert.match(await dap.stopped(), /:7 breakpoint$/);
  const lines = await dap.scopeLines("Globals");
  const find = (name: string): Line | undefined => lines?.find((line) => line.name === name);
  assert.ok(Number(find("steps")?.value) > 1, find("steps")?.value);
  assert.equal(find("first")?.value, "Tensor [28, 28, 1] float32");
  await dap.go();
  assert.equal((await running).reply.content.status, "ok");
});
