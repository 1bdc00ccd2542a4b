import { factory } from "./factory.js";

/** Registered before any notebook is restored: plugins may come too late for the first one, and it would show pictures. */
const extension = { id: "nabla-figures:mime", rendererFactory: factory, rank: 1, dataType: "json" };

// JupyterLab finds an extension as its module's default export.
// biome-ignore lint/style/noDefaultExport: JupyterLab's contract
export default extension;
