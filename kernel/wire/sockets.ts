import { Router, XPublisher } from "zeromq";
import { bindAll, removeFiles } from "./bind.js";
import type { Connection } from "./connection.js";
import { decode, limits } from "./decode.js";
import { createIopub } from "./iopub.js";
import { type Channel, encode, type Message } from "./message.js";
import { createReplays } from "./replays.js";
import { createSigner } from "./signature.js";

/** The five sockets of a kernel. */
export interface Sockets {
  /** Resolves when the socket took the message; waits while a reader of iopub is slow. */
  send(channel: Channel | "iopub", message: Message): Promise<void>;
  /** How many listen to iopub. */
  readers(): number;
  /** Stops listening; what was sent is still delivered, what is sent from now on is not. */
  close(): void;
}

/** Who takes what comes, and the complaints. */
export interface SocketsOptions {
  receive(channel: Channel, message: Message): void;
  log(text: string): void;
  /** Milliseconds to wait for addresses that are in use. */
  readonly patience?: number;
}

/** Messages that wait for one slow reader of iopub before the kernel waits for it. Text comes in pieces of 64 kB. */
const highWater = 256;
/** Replies that wait for a client that reads none; it loses those beyond. */
const repliesKept = 20_000;

/**
 * Binds the five sockets of a kernel, all or none; heartbeats are echoed from here on.
 * @throws ConnectionError when an address cannot be bound
 */
export async function openSockets(connection: Connection, options: SocketsOptions): Promise<Sockets> {
  const { log } = options;
  const signer = createSigner(connection.key, connection.signature_scheme);
  // Without a key everybody may say anything, as often as they like.
  const replays = connection.key === "" ? undefined : createReplays();
  const common = { linger: 500, ipv6: connection.ip.includes(":") };
  // A client that comes back on a new connection must not wait until the system finds that its old one is dead.
  const queue = { ...common, handover: true };
  const router = (): Router => new Router({ ...queue, sendHighWaterMark: repliesKept, maxMessageSize: limits.bytes });
  const routers = { shell: router(), control: router(), stdin: router() };
  const heartbeat = new Router({ ...queue, maxMessageSize: 4096 });
  const publisher = new XPublisher({ ...common, sendHighWaterMark: highWater, sendTimeout: 0, maxMessageSize: 4096 });
  publisher.manual = true;
  publisher.noDrop = true;
  const byPort = {
    shell_port: routers.shell,
    control_port: routers.control,
    stdin_port: routers.stdin,
    iopub_port: publisher,
    hb_port: heartbeat,
  };
  await bindAll(connection, byPort, options.patience ?? 0);
  const iopub = createIopub({ socket: publisher, signer, log });
  void echo(heartbeat);

  const listen = async (channel: Channel): Promise<void> => {
    for await (const frames of routers[channel]) {
      const decoded = decode(frames, signer, replays);
      if (!decoded.ok) log(`${channel}: ${decoded.problem}`);
      else options.receive(channel, decoded.message);
    }
  };
  for (const channel of ["shell", "control", "stdin"] as const) void listen(channel);

  let closed = false;
  return {
    async send(channel, message) {
      // A cell that still runs may go on to say things.
      if (closed) return;
      if (channel === "iopub") await iopub.publish(message);
      else await routers[channel].send(encode(message, signer));
    },
    readers: iopub.readers,
    close() {
      closed = true;
      for (const socket of [...Object.values(routers), heartbeat, iopub]) socket.close();
      removeFiles(connection);
    },
  };
}

async function echo(socket: Router): Promise<void> {
  for await (const frames of socket) {
    // A ping may come just while the kernel ends.
    if (!socket.closed) await socket.send(frames).catch(() => {});
  }
}
