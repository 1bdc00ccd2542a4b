/**
 * `last-words.js STATUS CONNECTION_FILE`: what the supervisor becomes when the kernel died. Takes the kernel's place on its
 * ports for a moment, tells the clients why their cells ended, ends what those had started, and then ends like the kernel.
 */
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { endChildren, markChildren } from "./children.js";
import { deathOf, died } from "./death.js";
import { type Noted, noteFile, originOf, readNote } from "./note.js";
import { failed } from "./protocol/error.js";
import { executed } from "./protocol/execute.js";
import { readConnection } from "./wire/connection.js";
import { child, reply } from "./wire/message.js";
import { openSockets } from "./wire/sockets.js";

/** Clients come back within a fifth of a second after they lost the kernel, in ms. */
const patience = { first: 800, others: 250 };

const [status, file = ""] = process.argv.slice(2);
const death = deathOf(Number(status));
const log = (text: string): void => void writeSync(2, `nabla: ${text}\n`);

async function speak({ cells, reason }: Noted): Promise<void> {
  const error = died(death, reason);
  log(error.evalue);
  const sockets = await openSockets(readConnection(file), { receive() {}, log, patience: 300 });
  for (let waited = 0; sockets.readers() === 0 && waited < patience.first; waited += 10) await sleep(10);
  await sleep(patience.others);
  for (const cell of cells) {
    const origin = originOf(cell);
    await sockets.send("iopub", child(origin, "error", { ...error }));
    if (!cell.running) continue;
    await sockets.send("shell", reply(origin, { ...executed(cell.count), ...failed(error) }));
    await sockets.send("iopub", child(origin, "status", { execution_state: "idle" }));
  }
  sockets.close();
  await sleep(100);
}

/** Whoever waits for the process sees what ended the kernel. */
function leave(): never {
  if ("signal" in death) process.kill(process.pid, death.signal);
  process.exit("code" in death ? death.code : 1);
}

setTimeout(leave, 1700);
const noted = readNote(noteFile);
if (noted !== undefined) {
  markChildren(noted.mark);
  const said = speak(noted).catch((error: Error) => log(error.message));
  await Promise.all([said, endChildren()]);
}
leave();
