import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installKernel } from "../../setup/kernelspec.js";
import { freePort } from "../ports.js";
import { clientEnvironment } from "../python.js";
import { firstUrl, type JupyterServer, stop } from "./jupyterlab.js";

/** Starts Notebook 7 out of the tests' own environment, with our kernel, on an empty folder. */
export async function startNotebook(): Promise<JupyterServer> {
  const folder = mkdtempSync(join(tmpdir(), "nabla-notebook-"));
  const { python } = await clientEnvironment();
  await installKernel(join(folder, ".share"));
  const env = {
    ...process.env,
    JUPYTER_PATH: join(folder, ".share"),
    JUPYTER_CONFIG_DIR: join(folder, ".config"),
    JUPYTER_RUNTIME_DIR: join(folder, ".runtime"),
  };
  const options = ["--no-browser", "--allow-root", "--port", String(await freePort()), "--notebook-dir", folder];
  const server = spawn(python, ["-I", "-m", "notebook", ...options], { stdio: ["ignore", "pipe", "pipe"], env });
  return { url: await firstUrl(server), folder, stop: () => stop(server, folder) };
}
