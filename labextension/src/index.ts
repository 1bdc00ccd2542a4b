import { IRenderMimeRegistry, type RendererFactory, type RenderMimeRegistry } from "@jupyterlab/rendermime";
import { FigureWidget } from "./figure-widget.js";
import { addStyles } from "./theme.js";

/** Draws plotly figures; safe, since plotly shows data and runs nothing of the notebook's. */
const factory: RendererFactory = {
  safe: true,
  mimeTypes: ["application/vnd.plotly.v1+json"],
  defaultRank: 1,
  createRenderer: (options) => new FigureWidget(options),
};

const plugin = {
  id: "nabla-figures:plugin",
  description: "Draws plotly figures in place.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  activate(app: { readonly restored: Promise<void> }, registry: RenderMimeRegistry): void {
    addStyles();
    registry.addFactory(factory, 1);
    // The last factory of a rank wins, and other plotly extensions register late: they ignore every update but the first.
    void app.restored.then(() => registry.addFactory(factory, 1));
  },
};

// JupyterLab finds a plugin as its module's default export.
// biome-ignore lint/style/noDefaultExport: JupyterLab's contract
export default plugin;
