import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../root.js";
import { temporary } from "./killing.js";

/** Starts JupyterLab as a user does, on a folder, and waits for its URL. */
async function start(folder: string): Promise<{ command: ChildProcess; url: URL }> {
  const args = [join(root, "bin", "nabla.cjs"), "start", "--no-browser", "--port", "18765", "--dir", folder];
  const command = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  command.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    command.stdout.on("data", (chunk: Buffer) => {
      said += chunk;
      const url = /JupyterLab is ready: (\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve({ command, url: new URL(url.replace("localhost", "127.0.0.1")) });
    });
    command.once("close", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}

async function specs(url: URL): Promise<unknown> {
  const answer = await fetch(new URL(`/api/kernelspecs?token=${url.searchParams.get("token")}`, url));
  return ((await answer.json()) as { kernelspecs: Record<string, { spec: { display_name: string } }> }).kernelspecs
    .nabla?.spec.display_name;
}

async function isGone(url: URL): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    const there = await fetch(new URL("/api", url)).then(
      () => true,
      () => false,
    );
    if (!there) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

test("start prints a URL that answers, offers the kernel, and SIGTERM ends all of it", async (context) => {
  const { command, url } = await start(temporary(context));
  assert.equal(await specs(url), "TypeScript (Nabla)");
  command.kill("SIGTERM");
  const [code] = await once(command, "close");
  assert.equal(code, 0);
  assert.ok(await isGone(url));
});

test("kill -9 of the command leaves no JupyterLab behind", async (context) => {
  const { command, url } = await start(temporary(context));
  command.kill("SIGKILL");
  assert.ok(await isGone(url));
});
