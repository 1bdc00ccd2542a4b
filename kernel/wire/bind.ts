import { chmodSync, lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Router, XPublisher } from "zeromq";
import { type Connection, ConnectionError, endpoint, ipcFile, portNames } from "./connection.js";

type Port = (typeof portNames)[number];

/** What Linux and macOS say when somebody else listens there. */
const inUse = "Address already in use";

/**
 * Binds one socket to each port of a connection, and nothing else. When one cannot be bound, all are closed again.
 *
 * @param patience milliseconds to wait for addresses that are in use
 * @throws ConnectionError that names the address
 */
export async function bindAll(
  connection: Connection,
  sockets: Readonly<Record<Port, Router | XPublisher>>,
  patience: number,
): Promise<void> {
  const deadline = performance.now() + patience;
  const bound: Port[] = [];
  try {
    for (const port of portNames) {
      await bind(connection, port, sockets[port], deadline);
      bound.push(port);
    }
  } catch (error) {
    // A process that exits with sockets open is aborted by zeromq.
    for (const socket of Object.values(sockets)) socket.close();
    removeFiles(connection, bound);
    throw error;
  }
}

/** Removes the files that stood for the ports when the transport is ipc; zeromq does so too, but later. */
export function removeFiles(connection: Connection, ports: readonly Port[] = portNames): void {
  if (connection.transport !== "ipc") return;
  for (const port of ports) rmSync(ipcFile(connection, port), { force: true });
}

async function bind(connection: Connection, port: Port, socket: Router | XPublisher, deadline: number): Promise<void> {
  const address = endpoint(connection, port);
  const file = connection.transport === "ipc" ? ipcFile(connection, port) : undefined;
  for (;;) {
    try {
      if (file !== undefined) await checkFree(file);
      await socket.bind(address);
      if (file !== undefined) chmodSync(file, 0o600);
      return;
    } catch (error) {
      const { message } = error as Error;
      if (message !== inUse || performance.now() > deadline) {
        throw new ConnectionError(`cannot listen on ${address}: ${message}`);
      }
    }
    await sleep(50);
  }
}

/** zeromq removes whatever it finds at the path of an ipc socket: also a file of the user, or the socket of a live kernel. */
async function checkFree(file: string): Promise<void> {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error("a file that is not a socket is in its place");
  if (await answers(file)) throw new Error(inUse);
}

function answers(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(file, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
