import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Dealer, Subscriber } from "zeromq";
import { endpoint } from "../../kernel/wire/connection.js";
import { decode } from "../../kernel/wire/decode.js";
import { child, encode, type Message } from "../../kernel/wire/message.js";
import { createSigner } from "../../kernel/wire/signature.js";
import { type KernelClient, startKernel } from "./client.js";
import { soak } from "./soak.js";

const echo = fileURLToPath(new URL("./echo.js", import.meta.url));

/** A client with an identity of its own that sends everything at once; its replies and what it saw published. */
async function pipeline(
  kernel: KernelClient,
  name: string,
  cells: number,
  print: string,
): Promise<{ replies: Message[]; published: Message[] }> {
  const signer = createSigner(kernel.connection.key, kernel.connection.signature_scheme);
  const shell = new Dealer({ linger: 0, routingId: name, receiveTimeout: 30_000 });
  const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, receiveTimeout: 30_000 });
  iopub.subscribe();
  iopub.connect(endpoint(kernel.connection, "iopub_port"));
  await iopub.receive();
  shell.connect(endpoint(kernel.connection, "shell_port"));
  const messageOf = (frames: Buffer[]): Message => {
    const decoded = decode(frames, signer);
    assert.ok(decoded.ok);
    return decoded.message;
  };
  const sent: Message[] = [];
  for (let n = 0; n < cells; n++) {
    const code = `${print}("${name} prints ${n}")`;
    const message = child(undefined, "execute_request", { code, allow_stdin: false, stop_on_error: false });
    sent.push({ ...message, header: { ...message.header, msg_id: `${name}-${n}` } });
  }
  for (const message of sent) await shell.send(encode(message, signer));
  const replies: Message[] = [];
  while (replies.length < cells) replies.push(messageOf(await shell.receive()));
  const published: Message[] = [];
  const last = `${name}-${cells - 1}`;
  for (let over = false; !over; ) {
    const message = messageOf(await iopub.receive());
    published.push(message);
    over = message.parent_header.msg_id === last && message.content.execution_state === "idle";
  }
  shell.close();
  iopub.close();
  return { replies, published };
}

for (const [what, script, cells, print] of [
  ["the protocol thread", echo, 200, "print"],
  ["the whole kernel", undefined, 40, "console.log"],
] as const) {
  test(`two clients that send ${cells} cells each at once get their own replies and outputs from ${what}`, async () => {
    const kernel = await startKernel(script);
    const [ada, bob] = await Promise.all([
      pipeline(kernel, "ada", cells, print),
      pipeline(kernel, "bob", cells, print),
    ]);
    kernel.close();
    for (const [name, { replies, published }] of Object.entries({ ada, bob })) {
      assert.deepEqual(
        replies.map((reply) => [reply.parent_header.msg_id, reply.header.msg_type, reply.content.status]),
        Array.from({ length: cells }, (_, n) => [`${name}-${n}`, "execute_reply", "ok"]),
      );
      const counts = replies.map((reply) => Number(reply.content.execution_count));
      assert.ok(counts.every((count, i) => i === 0 || count > (counts[i - 1] as number)));
      for (let n = 0; n < cells; n++) {
        const own = published.filter((message) => message.parent_header.msg_id === `${name}-${n}`);
        assert.deepEqual(
          own.map(
            ({ header, content }) => content.execution_state ?? content.execution_count ?? content.text ?? header,
          ),
          ["busy", counts[n], `${name} prints ${n}\n`, "idle"],
        );
      }
    }
  });
}

test("1,000 cells make the protocol thread no slower and leave less than 5 kB each behind", async () => {
  const kernel = await startKernel(echo);
  await soak(kernel, 500, (n) => `print(${n})`);
  let drift = Number.POSITIVE_INFINITY;
  let grown = Number.POSITIVE_INFINITY;
  // Other processes take the machine for a while, and V8 grows its heaps in leaps: the best of four counts.
  for (let attempt = 0; attempt < 4 && (drift > 1.3 || grown > 5); attempt++) {
    const found = await soak(kernel, 1000, (n) => `print(${n})`);
    drift = Math.min(drift, found.last / found.first);
    grown = Math.min(grown, found.grown);
  }
  kernel.close();
  assert.ok(drift < 1.3, `the last cells took ${drift} times as long`);
  assert.ok(grown < 5, `${grown} kB a cell`);
});

test("a client that comes back on a new connection is answered, though its old one still stands", async () => {
  const kernel = await startKernel(echo);
  const { key, signature_scheme } = kernel.connection;
  const signer = createSigner(key, signature_scheme);
  const clients = [1, 2].map(() => new Dealer({ linger: 0, routingId: "ada", receiveTimeout: 5000 }));
  try {
    for (const client of clients) {
      client.connect(endpoint(kernel.connection, "shell_port"));
      const request = child(undefined, "kernel_info_request", {});
      await client.send(encode(request, signer));
      const decoded = decode(await client.receive(), signer);
      assert.ok(decoded.ok);
      assert.equal(decoded.message.parent_header.msg_id, request.header.msg_id);
    }
  } finally {
    for (const client of clients) client.close();
    kernel.close();
  }
});
