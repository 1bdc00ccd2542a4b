/**
 * A Jupyter client for tests: starts a kernel process and talks to it as a front end does. Every message that comes is
 * checked against the protocol's schema, and one that does not fit fails the test that waits for something, or the close.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Dealer, Request, Subscriber } from "zeromq";
import { nodeOptions } from "../../kernel/node-options.js";
import { type Connection, endpoint, portNames } from "../../kernel/wire/connection.js";
import { decode } from "../../kernel/wire/decode.js";
import { type Channel, child, encode, type Json, type Message } from "../../kernel/wire/message.js";
import { createSigner } from "../../kernel/wire/signature.js";
import { freePort } from "../ports.js";
import { root } from "../root.js";
import { problemOf } from "./schema/validate.js";

/** What one request brought: its reply, and what came on iopub from busy to idle. */
export interface Answer {
  readonly reply: Message;
  readonly outputs: readonly Message[];
}

/** What else than its content a message may carry. */
export interface SendExtras {
  readonly subshell?: string | undefined;
  readonly buffers?: readonly Uint8Array[];
}

export interface KernelClient {
  readonly process: ChildProcess;
  readonly connection: Connection;
  /** Everything that came on iopub so far. */
  readonly published: readonly Message[];
  /** What the process wrote to stderr. */
  errors(): string;
  /** Sends a request; resolves when reply and idle are there. */
  request(type: string, content?: Json, channel?: "shell" | "control", subshell?: string): Promise<Answer>;
  execute(code: string, options?: Json, subshell?: string): Promise<Answer>;
  /** Runs a cell that must succeed; the text of its result. */
  result(code: string): Promise<unknown>;
  /** Runs a cell that prints `begun`, and comes back as soon as it has: what is sent then finds it running. */
  begin(code: string): Promise<{ readonly ended: Promise<Answer> }>;
  /** Sends without waiting; the message that went out. */
  send(channel: "shell" | "control" | "stdin", type: string, content: Json, extras?: SendExtras): Message;
  /** Waits for a message on iopub, also one that came already. */
  seen(wanted: (message: Message) => boolean, what?: string): Promise<Message>;
  /** The next message on stdin. */
  question(): Promise<Message>;
  /** Milliseconds that one heartbeat takes. */
  heartbeat(): Promise<number>;
  /** Resolves with exit code or signal. */
  ended(): Promise<number | string>;
  close(): void;
}

const main = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));
const limit = 60_000;

/** How the kernelspec has a kernel started. */
export const supervised: readonly string[] = ["/bin/sh", join(root, "kernel/supervisor.sh")];

/**
 * Starts a kernel (`script`: another one than `kernel/main.js`; `cwd`: the notebook's folder; `under`: the program that starts
 * it) and waits until it answers.
 */
export async function startKernel(
  script = main,
  env: NodeJS.ProcessEnv = process.env,
  wanted?: Connection,
  cwd = process.cwd(),
  under: readonly string[] = [],
): Promise<KernelClient> {
  const folder = mkdtempSync(join(tmpdir(), "nabla-kernel-"));
  const connection = wanted ?? (await freeConnection());
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
  const command = [...under, process.execPath, ...nodeOptions, script, file];
  const kernel = spawn(command[0] as string, command.slice(1), {
    stdio: ["ignore", "inherit", "pipe"],
    env: { NABLA_HISTORY: "off", ...env },
    cwd,
    // As jupyter_client does, which signals the whole process group.
    detached: under.length > 0,
  });
  let errors = "";
  kernel.stderr.on("data", (data) => {
    errors += data;
  });
  const ended = new Promise<number | string>((resolve) => {
    kernel.on("exit", (code, signal) => resolve(code ?? signal ?? "?"));
  });
  const client = connect(connection, kernel, () => errors, ended, folder);
  try {
    await client.request("kernel_info_request");
    // What is published before the subscription has arrived is lost: ask until something is seen.
    for (let tries = 0; client.published.length === 0; tries++) {
      if (tries > 300) throw new Error("expected the kernel to publish something, got nothing");
      await client.request("kernel_info_request");
      await sleep(50);
    }
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

function connect(
  connection: Connection,
  kernel: ChildProcess,
  errors: () => string,
  ended: Promise<number | string>,
  folder: string,
): KernelClient {
  const signer = createSigner(connection.key, connection.signature_scheme);
  // One identity for all: the kernel asks on stdin whoever sent the cell on shell.
  const routingId = randomUUID();
  const dealer = (): Dealer => new Dealer({ linger: 0, routingId });
  const sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
  // What a client has not read yet stands between its Stop and the idle that it waits for: the kernel shall feel it.
  const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 100 });
  iopub.subscribe();
  for (const channel of ["shell", "control", "stdin"] as const) {
    sockets[channel].connect(endpoint(connection, `${channel}_port`));
  }
  iopub.connect(endpoint(connection, "iopub_port"));

  const published: Message[] = [];
  const replies: Message[] = [];
  const questions: Message[] = [];
  const watchers = new Set<() => void>();
  const problems: string[] = [];
  let told = 0;
  const read = async (channel: Channel | "iopub", socket: Dealer | Subscriber, into: Message[]): Promise<void> => {
    for await (const frames of socket) {
      const decoded = decode(frames, signer);
      if (!decoded.ok) throw new Error(decoded.problem);
      into.push(decoded.message);
      const problem = problemOf(channel, decoded.message);
      if (problem !== undefined) problems.push(`expected messages of the protocol. ${problem}`);
      for (const watcher of [...watchers]) watcher();
    }
  };
  void read("shell", sockets.shell, replies);
  void read("control", sockets.control, replies);
  void read("stdin", sockets.stdin, questions);
  void read("iopub", iopub, published);

  const until = <T>(look: () => T | undefined, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        watchers.delete(watcher);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`waited too long for ${what}; stderr: ${errors()}`));
      }, limit);
      const watcher = (): void => {
        const found = look();
        const problem = problems[told];
        if (found === undefined && problem === undefined) return;
        stop();
        told = problems.length;
        if (problem === undefined) resolve(found as T);
        else reject(new Error(problem));
      };
      watchers.add(watcher);
      watcher();
      void ended.then((code) => {
        stop();
        reject(new Error(`the kernel ended with ${code} before ${what}; stderr: ${errors()}`));
      });
    });

  const send: KernelClient["send"] = (channel, type, content, { subshell, buffers = [] } = {}) => {
    const made = child(undefined, type, content, { buffers });
    const message = subshell === undefined ? made : { ...made, header: { ...made.header, subshell_id: subshell } };
    void sockets[channel].send(encode(message, signer));
    return message;
  };

  const request: KernelClient["request"] = async (type, content = {}, channel = "shell", subshell?) => {
    const from = published.length;
    const { msg_id } = send(channel, type, content, { subshell }).header;
    const mine = (message: Message): boolean => message.parent_header.msg_id === msg_id;
    const reply = await until(() => replies.find(mine), `the reply to ${type}`);
    // The first of these may be answered before the subscription has arrived.
    if (type === "kernel_info_request") return { reply, outputs: [] };
    const idle = (message: Message): boolean => mine(message) && message.content.execution_state === "idle";
    await until(() => published.slice(from).find(idle), `idle after ${type}`);
    return { reply, outputs: published.slice(from).filter((m) => mine(m) && m.header.msg_type !== "status") };
  };

  const execute: KernelClient["execute"] = (code, options = {}, subshell?) =>
    request("execute_request", { code, allow_stdin: false, ...options }, "shell", subshell);

  return {
    process: kernel,
    connection,
    published,
    errors,
    request,
    send,
    execute,
    async result(code) {
      const { reply, outputs } = await execute(code);
      assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
      return resultText(outputs);
    },
    async begin(code) {
      const from = published.length;
      const ended = execute(code);
      await until(() => published.slice(from).find(({ content }) => String(content.text).includes("begun")), "begun");
      return { ended };
    },
    seen: (wanted, what = "a message on iopub") => until(() => published.find(wanted), what),
    question: () => until(() => questions.shift(), "a question on stdin"),
    async heartbeat() {
      const socket = new Request({ linger: 0, receiveTimeout: limit });
      socket.connect(endpoint(connection, "hb_port"));
      const start = performance.now();
      await socket.send("ping");
      await socket.receive();
      socket.close();
      return performance.now() - start;
    },
    ended: () => ended,
    close() {
      killAll(kernel);
      for (const socket of [...Object.values(sockets), iopub]) socket.close();
      rmSync(folder, { recursive: true, force: true });
      if (problems.length > 0) throw new Error(problems[0]);
    },
  };
}

/** Kills a kernel's process, with its group if it has one. */
function killAll(kernel: ChildProcess): void {
  try {
    process.kill(-(kernel.pid as number), "SIGKILL");
  } catch {
    kernel.kill("SIGKILL");
  }
}

/** Connection data with five ports that are free right now. */
export async function freeConnection(): Promise<Connection> {
  const ports = await Promise.all(portNames.map(async (name) => [name, await freePort()] as const));
  const named = Object.fromEntries(ports) as Record<(typeof portNames)[number], number>;
  return { transport: "tcp", ip: "127.0.0.1", key: randomUUID(), signature_scheme: "hmac-sha256", ...named };
}

/** The text that a cell printed on stdout. */
export function printed(outputs: readonly Message[], name = "stdout"): string {
  const streams = outputs.filter((m) => m.header.msg_type === "stream" && m.content.name === name);
  return streams.map((m) => m.content.text).join("");
}

/** The text of a cell's result. */
export function resultText(outputs: readonly Message[]): unknown {
  const result = outputs.find((m) => m.header.msg_type === "execute_result");
  return (result?.content.data as Record<string, unknown> | undefined)?.["text/plain"];
}
