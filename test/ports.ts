import { createServer } from "node:net";

// Below the ports that systems hand out by themselves (Linux from 32768, others from 49152): those go to any process at
// any moment, also between finding a port free and using it. Processes start apart, since test files run side by side.
const first = 10_000;
const size = 22_000;
const apart = 127;
let next = (process.pid * apart) % size;

/** A port of 127.0.0.1 that is free, that this process was not given before, and that no other process is likely to ask for. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < size; tries++) {
    const port = first + next;
    next = (next + 1) % size;
    if (await isFree(port)) return port;
  }
  throw new Error(
    `freePort: expected a free port from ${first} to ${first + size - 1}, got none. Stop what listens there.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
