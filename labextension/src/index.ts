import { IRenderMimeRegistry, type RenderMimeRegistry } from "@jupyterlab/rendermime";
import { factory } from "./factory.js";

interface App {
  readonly started: Promise<void>;
  readonly restored: Promise<void>;
}

/**
 * Registers the factory again whenever others may have registered theirs: the last one wins, a notebook keeps what it finds
 * when it opens, and other plotly extensions ignore updates.
 */
const plugin = {
  id: "nabla-figures:plugin",
  description: "Draws plotly figures in place.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  activate(app: App, registry: RenderMimeRegistry): void {
    for (const moment of [app.started, app.restored]) void moment.then(() => registry.addFactory(factory, 1));
  },
};

// JupyterLab finds a plugin as its module's default export.
// biome-ignore lint/style/noDefaultExport: JupyterLab's contract
export default plugin;
