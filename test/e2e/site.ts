import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { executable, launch } from "./browser.js";
import { type JupyterServer, startJupyterLab } from "./jupyterlab.js";
import { LabPage } from "./lab-page.js";
import { writeNotebook } from "./notebook.js";

/** Why tests with a browser are left out; false where they run. */
export const skip = executable === undefined ? "no Chromium: install Debian's `chromium` or set CHROMIUM" : false;

/** A server and a browser on it, which all tests of a file share. */
export interface Site {
  /** Where the server's notebooks lie. */
  readonly folder: string;
  /** Opens a notebook; with `cells` it is written first. */
  open(notebook: string, cells?: readonly string[]): Promise<LabPage>;
}

/** Starts a server and a browser before the first test of a file, and ends them after the last. */
export function site(start: () => Promise<JupyterServer> = startJupyterLab): Site {
  let server: JupyterServer | undefined;
  let browser: Browser | undefined;
  before(async () => {
    if (skip) return;
    server = await start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  const started = <T>(part: T | undefined): T => {
    if (part === undefined)
      throw new Error("site: expected a server and a browser, got none: they start before the tests.");
    return part;
  };
  return {
    get folder() {
      return started(server).folder;
    },
    open(notebook, cells) {
      if (cells !== undefined) writeNotebook(this.folder, notebook, cells);
      return LabPage.open(started(browser), started(server), notebook);
    },
  };
}
