import type { RendererFactory } from "@jupyterlab/rendermime";
import { FigureWidget } from "./figure-widget.js";

/** Draws plotly figures; safe, since plotly shows data and runs nothing of the notebook's. */
export const factory: RendererFactory = {
  safe: true,
  mimeTypes: ["application/vnd.plotly.v1+json"],
  defaultRank: 1,
  createRenderer: (options) => new FigureWidget(options),
};
