import type { MimeModel, Renderer } from "@jupyterlab/rendermime";
import { Widget } from "@lumino/widgets";
import { type PlotElement, plotly, type Spec } from "./plotly.js";
import { addStyles, onThemeChange, themed } from "./theme.js";

/** Height in CSS pixels of a figure whose layout gives none. */
const defaultHeight = 400;

/** One output area's figure. `renderModel` is called again for every update, and draws into the same element. */
export class FigureWidget extends Widget implements Renderer {
  private readonly mimeType: string;
  private readonly plot: PlotElement = document.createElement("div");
  private readonly stopThemes: () => void;
  private readonly sizes: ResizeObserver;
  private spec: Spec | undefined;
  private stale = false;
  private drawing: Promise<void> | undefined;
  private width = 0;

  constructor(options: { mimeType: string }) {
    super();
    this.mimeType = options.mimeType;
    addStyles();
    this.addClass("nabla-figure");
    this.node.append(this.plot);
    this.stopThemes = onThemeChange(() => this.redraw());
    // A widget in an output area is not told when it is hidden, shown or scrolled into a windowed notebook: its box is.
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.node);
  }

  renderModel(model: MimeModel): Promise<void> {
    this.spec = model.data[this.mimeType] as Spec;
    this.node.style.minHeight = `${this.spec.layout?.height ?? defaultHeight}px`;
    return this.redraw();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.stopThemes();
    this.sizes.disconnect();
    this.spec = undefined;
    if (this.plot.data !== undefined) void plotly().then((Plotly) => Plotly.purge(this.plot));
    super.dispose();
  }

  protected override onAfterAttach(): void {
    this.redraw();
  }

  /** Draws the newest figure; what arrives while one is drawn replaces what waits. */
  private redraw(): Promise<void> {
    this.stale = true;
    this.drawing ??= this.draw().finally(() => {
      this.drawing = undefined;
    });
    return this.drawing;
  }

  private async draw(): Promise<void> {
    const Plotly = await plotly();
    while (this.stale && this.spec !== undefined) {
      // Without a box plotly would draw at its default width and measure all text as empty: wait until there is one.
      if (this.node.clientWidth === 0) return;
      this.stale = false;
      this.width = this.node.clientWidth;
      const { data = [], layout = {}, config = {}, frames } = themed(this.spec, this.node);
      layout.height ??= defaultHeight;
      layout.uirevision ??= "kept";
      await Plotly.react(this.plot, data, layout, { ...config, responsive: false, showSendToCloud: false });
      if (frames !== undefined) await Plotly.addFrames(this.plot, frames);
      await new Promise((next) => requestAnimationFrame(next));
    }
  }

  private fit(): void {
    const width = this.node.clientWidth;
    if (width === 0 || this.spec === undefined) return;
    if (this.stale || this.plot.data === undefined) void this.redraw();
    else if (width !== this.width && this.spec.layout?.width === undefined) {
      this.width = width;
      void plotly().then((Plotly) => Plotly.Plots.resize(this.plot));
    }
  }
}
