import type { Browser, Locator, Page } from "playwright-core";
import type { JupyterLab } from "./jupyterlab.js";

/** A notebook open in JupyterLab, driven as a user drives it. */
export class LabPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a notebook and waits until its kernel is idle. */
  static async open(browser: Browser, lab: JupyterLab, notebook: string): Promise<LabPage> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    // A workspace of its own: no other notebook is open beside it.
    await page.goto(lab.url.replace("/lab?", `/lab/workspaces/${notebook.replace(/\W/g, "-")}/tree/${notebook}?`));
    const opened = new LabPage(page);
    await opened.notebook.waitFor({ timeout: 60_000 });
    // A cell that is run before the kernel is there makes JupyterLab ask which kernel to start.
    await page.locator(".jp-StatusBar-TextItem", { hasText: "TypeScript (Nabla) | Idle" }).waitFor({ timeout: 60_000 });
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

  /** Types code into the cell that is selected (an empty last one) and runs it. */
  async run(code: string): Promise<Locator> {
    await this.page.locator(".jp-Notebook .jp-CodeCell").last().locator(".cm-content").click();
    await this.page.keyboard.insertText(code);
    const count = await this.page.locator(".jp-Notebook .jp-CodeCell").count();
    await this.page.keyboard.press("Shift+Enter");
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(count - 1);
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
