import { getHashes } from "node:crypto";
import { readFileSync } from "node:fs";

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

/** The zeromq address of one port: `tcp://127.0.0.1:5555`, `ipc:///tmp/kernel-1`. */
export function endpoint(connection: Connection, port: (typeof portNames)[number]): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  return `${connection.transport}://${connection.ip}${separator}${connection[port]}`;
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
  const refuse = (expected: string, got: unknown): never => {
    throw new ConnectionError(`${file}: expected ${expected}, got ${JSON.stringify(got) ?? "nothing"}`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse("a JSON object", text.slice(0, 40));
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return refuse("a JSON object", parsed);
  const found = parsed as Record<string, unknown>;
  const { transport = "tcp", ip, key = "", signature_scheme = "hmac-sha256" } = found;
  if (transport !== "tcp" && transport !== "ipc") return refuse("transport tcp or ipc", transport);
  if (typeof ip !== "string" || ip === "") return refuse("ip, an address", ip);
  if (typeof key !== "string") return refuse("key, a string", key);
  if (typeof signature_scheme !== "string" || !getHashes().includes(signature_scheme.replace(/^hmac-/, ""))) {
    return refuse("signature_scheme like hmac-sha256", signature_scheme);
  }
  const ports = {} as Record<(typeof portNames)[number], number>;
  for (const name of portNames) {
    const port = found[name];
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65535) {
      return refuse(`${name}, a number from 1 to 65535`, port);
    }
    ports[name] = port as number;
  }
  if (new Set(Object.values(ports)).size < portNames.length) return refuse("five different ports", ports);
  return { transport, ip, key, signature_scheme, ...ports };
}
