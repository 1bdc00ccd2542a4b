import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { UserThread } from "./cell/thread.js";
import { markChildren } from "./children.js";
import type { Changes, SavedCell } from "./language/saved.js";
import { takeSupervisor } from "./life.js";
import type { ProtocolData, ToProtocol } from "./protocol-thread.js";
import { shared } from "./threads.js";
import type { Connection } from "./wire/connection.js";

/** A language thread that lives shorter than this, in ms, may never live: the next one has to wait as long. */
const brief = 2000;

/**
 * For what TypeScript makes and forgets with each cell. V8 collects it when the thread has nothing to do, after a cell has been
 * checked: in this room that takes no longer than the cell to run, in four times the room the next cell would wait for it.
 */
const youngMegabytes = 16;

/** The parts of a kernel that may be replaced, e.g. by an echo. */
export interface KernelParts {
  readonly connection: Connection;
  readonly directory: string;
  /** The script of the language thread; it is given `{ port, directory }`. */
  readonly language: URL;
  startUser(options: UserThread): void | Promise<void>;
}

/** Starts the protocol thread and the language thread, and makes this thread the user thread. */
export function startKernel(parts: KernelParts): void {
  const { connection, directory } = parts;
  const supervisor = takeSupervisor();
  const mark = markChildren();
  const view = new Int32Array(new SharedArrayBuffer(4 * shared.size));
  const user = new MessageChannel();
  const { version } = createRequire(import.meta.url)("nabla/package.json") as { version: string };

  const saved = new Map<number, SavedCell>();

  /** Starts a language thread, and another one when it dies. */
  const startLanguage = (port: MessagePort): void => {
    const worker = new Worker(parts.language, {
      workerData: { port, directory, saved: [...saved.values()] },
      transferList: [port],
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    });
    const started = performance.now();
    worker.on("message", ({ kept, dropped }: Changes) => {
      for (const cell of kept) saved.set(cell.number, cell);
      for (const number of dropped) saved.delete(number);
    });
    worker.on("error", (error) => {
      const reason = `the language thread died (${error.message}) and was started again: run the cell anew`;
      writeSync(2, `nabla: ${reason}\n`);
      const replace = (): void => {
        const { port1, port2 } = new MessageChannel();
        startLanguage(port2);
        protocol.postMessage({ type: "language-lost", reason, port: port1 } satisfies ToProtocol, [port1]);
      };
      setTimeout(replace, performance.now() - started < brief ? brief : 0);
    });
  };

  const language = new MessageChannel();
  const heapLimit = getHeapStatistics().heap_size_limit;
  const workerData: ProtocolData = {
    connection,
    user: user.port2,
    language: language.port1,
    shared: view,
    heapLimit,
    version,
    mark,
    ...(supervisor === undefined ? {} : { supervisor }),
  };
  const protocol = new Worker(new URL("./protocol-thread.js", import.meta.url), {
    workerData,
    transferList: [user.port2, language.port1],
  });
  protocol.on("error", (error) => {
    writeSync(2, `nabla: ${error.message}\n`);
    process.exit(1);
  });
  // It answers first: the others have much to load, and what they are sent waits in their ports.
  protocol.once("message", () => {
    startLanguage(language.port2);
    void parts.startUser({ port: user.port1, shared: view, directory });
  });
}
