/** A training step of some 100 ms: the cell hears everything during it, and Stop waits for its end. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type KernelClient, resultText, startKernel } from "./client.js";

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel();
  const { reply } = await kernel.execute(`
    import { data, nn, tf, train } from "nabla";
    const x = tf.randomNormal([512, 1024]);
    const set = data.fromArrays(x, Int32Array.from({ length: 512 }, (_, i) => i % 10), { classes: 10 });
    const net = nn.sequential(nn.input(1024), nn.dense(2048), nn.relu(), nn.dense(2048), nn.relu(), nn.dense(10));
    const options = { loss: "crossEntropy", optimizer: "sgd", batchSize: 512 } as const;
    let turns = 0;`);
  assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
});
after(() => kernel.close());

test("Stop during long steps ends the run between two steps, and the model trains on", async () => {
  const { ended } = await kernel.begin(`
    setInterval(() => turns++, 5);
    await train.fit(net, set, { ...options, epochs: 1000, observers: [{ onStep: ({ step }) => { if (step === 4) console.log("begun"); } }] });`);
  kernel.send("control", "interrupt_request", {});
  const { reply } = await ended;
  assert.equal(reply.content.ename, "KeyboardInterrupt", JSON.stringify(reply.content));
  assert.match(String(reply.content.evalue), /a stop after \d+ .*train\.resume/);
  const finite = await kernel.execute(
    "net.parameters.every(({ variable }) => variable.isFinite().all().dataSync()[0] === 1)",
  );
  assert.equal(resultText(finite.outputs), "true");
  const { reply: next } = await kernel.execute("(await train.fit(net, set, { ...options, epochs: 2 })).steps");
  assert.equal(next.content.status, "ok", JSON.stringify(next.content));
});
