import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Subscriber, XPublisher } from "zeromq";
import { decode } from "../../../kernel/wire/decode.js";
import { createIopub, type Iopub } from "../../../kernel/wire/iopub.js";
import { child, type Message } from "../../../kernel/wire/message.js";
import { createSigner } from "../../../kernel/wire/signature.js";

const signer = createSigner("secret", "hmac-sha256");
const cell = child(undefined, "execute_request", {});
const text = (n: number): Message => child(cell, "stream", { name: "stdout", text: `${n} `.padEnd(60_000, ".") });

interface Reader {
  readonly socket: Subscriber;
  next(): Promise<Message>;
}

/** A publisher on a port of its own, readers that take as little in advance as they can, and what was logged. */
async function open(stalled: number) {
  const publisher = new XPublisher({ linger: 0, sendTimeout: 0, sendHighWaterMark: 16, sendBufferSize: 4096 });
  publisher.manual = true;
  publisher.noDrop = true;
  await publisher.bind("tcp://127.0.0.1:*");
  const log: string[] = [];
  const iopub = createIopub({ socket: publisher, signer, log: (line) => log.push(line), stalled });
  const readers: Reader[] = [];
  const reader = async (topic = ""): Promise<Reader> => {
    const socket = new Subscriber({
      linger: 0,
      receiveHighWaterMark: 1,
      receiveBufferSize: 4096,
      receiveTimeout: 5000,
    });
    socket.subscribe(topic);
    socket.connect(publisher.lastEndpoint as string);
    const made: Reader = {
      socket,
      async next() {
        const decoded = decode(await socket.receive(), signer);
        assert.ok(decoded.ok);
        return decoded.message;
      },
    };
    readers.push(made);
    return made;
  };
  const close = (): void => {
    iopub.close();
    for (const { socket } of readers) socket.close();
  };
  return { iopub, log, reader, close };
}

/** Reads until a message of that type, which is returned last. */
async function until(reader: Reader, wanted: (message: Message) => boolean): Promise<Message[]> {
  const seen: Message[] = [];
  for (;;) {
    const message = await reader.next();
    seen.push(message);
    if (wanted(message)) return seen;
  }
}

const numbers = (seen: readonly Message[]): number[] =>
  seen.filter((m) => m.content.name === "stdout").map((m) => Number.parseInt(String(m.content.text), 10));

async function publish(iopub: Iopub, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await iopub.publish(text(n));
  await iopub.publish(child(cell, "status", { execution_state: "idle" }));
}

test("everyone who subscribes is welcomed, with the topic, and before anything else", async () => {
  const { iopub, reader, close } = await open(1000);
  for (const topic of ["", "stream", ""]) {
    const { header, parent_header, content } = await (await reader(topic)).next();
    assert.equal(header.msg_type, "iopub_welcome");
    assert.deepEqual([parent_header, content], [{}, { subscription: topic }]);
  }
  const late = await reader("status");
  await late.next();
  await iopub.publish(text(1));
  await iopub.publish(child(cell, "status", { execution_state: "idle" }));
  assert.equal((await late.next()).header.msg_type, "status", "only its topic");
  close();
});

test("a slow reader gets everything: the publisher waits", async () => {
  const { iopub, log, reader, close } = await open(10_000);
  const slow = await reader();
  await slow.next();
  let published = false;
  const publishing = publish(iopub, 200).then(() => {
    published = true;
  });
  await sleep(500);
  assert.equal(published, false, "12 MB do not fit into the queues");
  const seen = await until(slow, (message) => message.header.msg_type === "status");
  await publishing;
  assert.deepEqual(
    numbers(seen),
    Array.from({ length: 200 }, (_, n) => n),
  );
  assert.deepEqual(log, []);
  close();
});

test("a reader that takes nothing stops nobody, and is told what it missed once it reads again", async () => {
  const { iopub, log, reader, close } = await open(300);
  const [good, stalled] = [await reader(), await reader()];
  await until(good, (message) => message.header.msg_type === "iopub_welcome");
  await stalled.next();
  const publishing = publish(iopub, 300);
  const seen = await until(good, (message) => message.header.msg_type === "status");
  await publishing;
  assert.deepEqual(
    numbers(seen),
    Array.from({ length: 300 }, (_, n) => n),
    "who reads loses nothing",
  );
  assert.equal(log[0], "iopub: a reader takes nothing; it loses messages until it reads again");

  const told = await until(stalled, (message) => message.header.msg_type === "status");
  const got = numbers(told);
  assert.ok(got.length < 300);
  assert.ok(
    got.every((n, i) => i === 0 || n > (got[i - 1] as number)),
    "what it got is in order",
  );
  const notices = told.filter((message) => message.content.name === "stderr");
  let missed = 0;
  for (const { content, parent_header } of notices) {
    const said = /read nothing for 0\.3 s and missed (\d+) messages \(\d.* [kM]B\)/.exec(String(content.text));
    missed += Number(said?.[1]);
    assert.equal(parent_header.msg_id, cell.header.msg_id);
  }
  assert.ok(
    [300, 301].includes(got.length + missed),
    `${got.length} came and ${missed} were missed, with or without status`,
  );
  assert.equal(told.at(-1)?.content.execution_state, "idle");

  const again = publish(iopub, 5);
  assert.deepEqual(numbers(await until(stalled, (message) => message.header.msg_type === "status")), [0, 1, 2, 3, 4]);
  await again;
  close();
});

test("a reader that goes away for good holds nobody up, and misses nothing", async () => {
  const { iopub, log, reader, close } = await open(30_000);
  const gone = await reader();
  await gone.next();
  const publishing = publish(iopub, 100);
  await sleep(100);
  gone.socket.close();
  await publishing;
  assert.deepEqual(log, []);
  close();
});
