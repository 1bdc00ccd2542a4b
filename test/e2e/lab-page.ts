import type { Browser, Locator, Page } from "playwright-core";
import type { JupyterServer } from "./jupyterlab.js";

/** A notebook open in JupyterLab, driven as a user drives it. */
export class LabPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a notebook, in JupyterLab or in Notebook 7, and waits until its kernel is idle. */
  static async open(browser: Browser, server: JupyterServer, notebook: string): Promise<LabPage> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    // A workspace of its own: no other notebook is open beside it.
    const workspace = `/lab/workspaces/${notebook.replace(/\W/g, "-")}/tree/${notebook}?`;
    await page.goto(server.url.replace("/lab?", workspace).replace("/tree?", `/notebooks/${notebook}?`));
    const opened = new LabPage(page);
    await opened.notebook.waitFor({ timeout: 60_000 });
    // A cell that is run before the kernel is there makes the front end ask which kernel to start, or does nothing.
    await page.locator(".jp-Toolbar-kernelName", { hasText: "TypeScript (Nabla)" }).waitFor({ timeout: 60_000 });
    await page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first().waitFor({ timeout: 60_000 });
    return opened;
  }

  get notebook(): Locator {
    return this.page.locator(".jp-Notebook").first();
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-Cell").nth(index);
  }

  /** A code cell with this text somewhere in it. */
  cellWith(text: string): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell", { hasText: text }).first();
  }

  figures(within: Locator = this.notebook): Locator {
    return within.locator(".js-plotly-plot");
  }

  async menu(menu: string, item: string): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${menu}$`) }).click();
    await this.page
      .locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${item}$`) })
      .first()
      .click();
  }

  /** Puts code in place of what is in the last cell. */
  async type(code: string): Promise<void> {
    await this.#editor.click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(code);
  }

  /**
   * Presses a key once the last cell's editor has the classes that its shortcut asks for, until `shown` is on the page:
   * JupyterLab gives a completion up that takes longer than a second, and a user presses the key again.
   */
  async press(key: string, classes: string, shown: Locator): Promise<void> {
    await this.page.locator(`.jp-Notebook .jp-CodeCell .jp-InputArea-editor${classes}`).last().waitFor();
    for (let tries = 1; ; tries++) {
      await this.page.keyboard.press(key);
      try {
        return await shown.waitFor({ timeout: 3_000 });
      } catch (error) {
        if (tries === 10) throw error;
      }
    }
  }

  /** Types code into the last cell and runs it. */
  async run(code: string): Promise<Locator> {
    await this.type(code);
    const count = await this.page.locator(".jp-Notebook .jp-CodeCell").count();
    await this.page.keyboard.press("Shift+Enter");
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(count - 1);
  }

  get #editor(): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").last().locator(".cm-content");
  }

  async stop(): Promise<void> {
    await this.menu("Kernel", "Interrupt Kernel");
  }

  /** Waits until nothing runs: no cell shows [*]. */
  async idle(timeout: number): Promise<void> {
    const running =
      "[...document.querySelectorAll('.jp-InputPrompt')].some((prompt) => prompt.textContent.includes('[*]'))";
    await this.page.waitForFunction(`!${running}`, undefined, { timeout, polling: 50 });
  }
}
