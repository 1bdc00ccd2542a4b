import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../ports.js";
import { root } from "../root.js";

/** A JupyterLab or Notebook 7 of our own making, on a folder that ends with it. */
export interface JupyterServer {
  /** With the token. */
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts JupyterLab on a copy of `notebooks/` exactly as a user does, `nabla start`, and waits for the URL it prints. */
export async function startJupyterLab(): Promise<JupyterServer> {
  const folder = mkdtempSync(join(tmpdir(), "nabla-e2e-"));
  cpSync(join(root, "notebooks"), folder, { recursive: true });
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [join(root, "bin/nabla.cjs"), "start", "--no-browser", "--port", String(port), "--dir", folder, "--allow-root"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const url = await firstUrl(server);
  return {
    url,
    folder,
    stop: () => stop(server, folder),
  };
}

/** Ends a server and removes its folder. */
export async function stop(server: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

/** The URL with a token that a server prints when it listens. */
export function firstUrl(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(() => reject(new Error(`no URL within 120 s:\n${printed}`)), 120_000);
    const read = (chunk: Buffer): void => {
      printed += chunk;
      const found = /https?:\/\/[^\s/]+\/(?:lab|tree)\?token=\w+/.exec(printed);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[0].replace("localhost", "127.0.0.1"));
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
  });
}
