import { createHmac } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** Where a kernel listens and how its messages are signed (Jupyter docs, "Connection files"). */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  /** An empty key means unsigned messages. */
  readonly key: string;
  /** `hmac-` and a hash that Node's crypto knows. */
  readonly signature_scheme: string;
}

/** The five sockets, by the name of their port. */
export const portNames = ["shell_port", "control_port", "iopub_port", "stdin_port", "hb_port"] as const;

/** A connection file that cannot be used; the message is one line that says why. */
export class ConnectionError extends Error {
  override name = "ConnectionError";
}

/** The zeromq address of one port: `tcp://127.0.0.1:5555`, `tcp://[::1]:5555`, `ipc:///tmp/kernel-1`. */
export function endpoint(connection: Connection, port: (typeof portNames)[number]): string {
  if (connection.transport === "ipc") return `ipc://${ipcFile(connection, port)}`;
  const host = connection.ip.includes(":") ? `[${connection.ip}]` : connection.ip;
  return `tcp://${host}:${connection[port]}`;
}

/** The file that stands for one port when the transport is ipc. */
export function ipcFile(connection: Connection, port: (typeof portNames)[number]): string {
  return `${connection.ip}-${connection[port]}`;
}

/** A warning when others than the owner could run code in the kernel: they may read the key, or there is none. */
export function exposed(file: string, { key }: Pick<Connection, "key">): string | undefined {
  if (key === "") {
    return `${file}: the key is empty, so messages are not signed and whoever reaches the ports can run code: give it a key`;
  }
  const mode = statSync(file).mode & 0o777;
  if (process.platform === "win32" || (mode & 0o044) === 0) return undefined;
  const shown = mode.toString(8).padStart(3, "0");
  return `${file}: others may read this file (mode ${shown}) and run code with the key in it: chmod 600 it`;
}

/** Reads and checks a connection file. @throws ConnectionError */
export function readConnection(file: string): Connection {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConnectionError(`${file}: expected a connection file that can be read, got ${code}`);
  }
  return parseConnection(text, file);
}

/** Checks the text of a connection file; `file` is named in the complaint. @throws ConnectionError */
export function parseConnection(text: string, file: string): Connection {
  const refuse = (expected: string, got: string): never => {
    throw new ConnectionError(`${file}: expected ${expected}, got ${got}`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The text may hold the key.
    return refuse("a JSON object", text === "" ? "an empty file" : "text that is not JSON");
  }
  if (kindOf(parsed) !== "object") return refuse("a JSON object", kindOf(parsed));
  const found = parsed as Record<string, unknown>;
  const { transport = "tcp", ip, key, signature_scheme = "hmac-sha256" } = found;
  if (transport !== "tcp" && transport !== "ipc") return refuse("transport tcp or ipc", show(transport));
  if (typeof ip !== "string" || ip === "" || /\p{Cc}/u.test(ip)) return refuse("ip, an address", show(ip));
  // The key itself must not stand in a log.
  if (typeof key !== "string") return refuse("key, a string (empty for unsigned messages)", kindOf(key));
  if (typeof signature_scheme !== "string" || !isScheme(signature_scheme)) {
    return refuse("signature_scheme like hmac-sha256", show(signature_scheme));
  }
  const ports = {} as Record<(typeof portNames)[number], number>;
  for (const name of portNames) {
    const port = found[name];
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65535) {
      return refuse(`${name}, a number from 1 to 65535`, show(port));
    }
    ports[name] = port as number;
  }
  if (new Set(Object.values(ports)).size < portNames.length) return refuse("five different ports", show(ports));
  return { transport, ip, key, signature_scheme, ...ports };
}

/** A value as JSON, of a length that fits into a line. */
function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 200);
}

/** What kind of JSON value, for those that may hold a key. */
function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isScheme(text: string): boolean {
  if (!text.startsWith("hmac-")) return false;
  try {
    createHmac(text.slice("hmac-".length), "key").digest();
    return true;
  } catch {
    return false;
  }
}
