import { setTimeout as sleep } from "node:timers/promises";
import { Publisher, Router } from "zeromq";
import { type Connection, endpoint } from "./connection.js";
import { type Channel, decode, encode, type Message } from "./message.js";
import { createSigner } from "./signature.js";

export interface Sockets {
  /** Resolves when the socket took the message; waits while a reader of iopub is slow. */
  send(channel: Channel | "iopub", message: Message): Promise<void>;
  /** Stops listening; what was sent is still delivered. */
  close(): void;
}

export interface SocketsOptions {
  receive(channel: Channel, message: Message): void;
  log(text: string): void;
}

/** Messages that wait for one slow reader of iopub before the kernel waits for it. */
const highWater = 1000;
/** After so many milliseconds the kernel stops waiting for a reader that takes nothing. */
const stalled = 10_000;

/**
 * Binds the five sockets of a kernel; heartbeats are echoed from here on.
 * @throws Error with one line when an address cannot be bound
 */
export async function openSockets(connection: Connection, options: SocketsOptions): Promise<Sockets> {
  const signer = createSigner(connection.key, connection.signature_scheme);
  const router = (): Router => new Router({ sendHighWaterMark: 0, linger: 500 });
  const routers = { shell: router(), control: router(), stdin: router() };
  const heartbeat = router();
  // A time-out of 0 rejects with EAGAIN instead of spinning: zeromq cannot poll a publisher for room.
  const iopub = new Publisher({ sendHighWaterMark: highWater, sendTimeout: 0, linger: 500 });
  iopub.noDrop = true;
  const close = (): void => {
    for (const socket of [...Object.values(routers), heartbeat, iopub]) socket.close();
  };
  try {
    await bind(routers.shell, endpoint(connection, "shell_port"));
    await bind(routers.control, endpoint(connection, "control_port"));
    await bind(routers.stdin, endpoint(connection, "stdin_port"));
    await bind(iopub, endpoint(connection, "iopub_port"));
    await bind(heartbeat, endpoint(connection, "hb_port"));
  } catch (error) {
    // A process that exits with sockets open is aborted by zeromq.
    close();
    throw error;
  }
  void echo(heartbeat);

  const listen = async (channel: Channel): Promise<void> => {
    for await (const frames of routers[channel]) {
      const decoded = decode(frames, signer);
      if (decoded.ok) options.receive(channel, decoded.message);
      else options.log(`${channel}: ${decoded.problem}`);
    }
  };
  for (const channel of ["shell", "control", "stdin"] as const) void listen(channel);

  let patient = true;
  const wait = (whether: boolean): void => {
    if (patient === whether) return;
    patient = whether;
    iopub.noDrop = whether;
    options.log(
      whether ? "iopub: waits for slow readers again" : "iopub: a reader takes nothing; it loses messages now",
    );
  };
  const publish = async (message: Message): Promise<void> => {
    const frames = encode(message, signer, [Buffer.from(message.header.msg_type)]);
    for (const start = Date.now(); ; await sleep(2)) {
      try {
        return await iopub.send(frames);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      }
      if (patient && Date.now() - start > stalled) {
        // A frozen client must not freeze the kernel for all others.
        wait(false);
        setTimeout(() => wait(true), 6 * stalled).unref();
      }
    }
  };

  return {
    send: (channel, message) =>
      channel === "iopub" ? publish(message) : routers[channel].send(encode(message, signer)),
    close,
  };
}

async function bind(socket: Router | Publisher, address: string): Promise<void> {
  try {
    await socket.bind(address);
  } catch (error) {
    throw new Error(`cannot listen on ${address}: ${(error as Error).message}`);
  }
}

async function echo(socket: Router): Promise<void> {
  for await (const frames of socket) await socket.send(frames);
}
