/**
 * The few parts of JupyterLab 4 that this extension touches. JupyterLab supplies the modules themselves at run time; its
 * published types would bring some two hundred packages for these lines.
 */
declare module "@lumino/widgets" {
  export class Widget {
    readonly node: HTMLElement;
    readonly isAttached: boolean;
    readonly isVisible: boolean;
    readonly isDisposed: boolean;
    addClass(name: string): void;
    dispose(): void;
    protected onAfterAttach(message: unknown): void;
    protected onAfterShow(message: unknown): void;
    protected onResize(message: unknown): void;
  }
}

declare module "@jupyterlab/rendermime" {
  import type { Widget } from "@lumino/widgets";

  export interface MimeModel {
    readonly data: Readonly<Record<string, unknown>>;
    readonly metadata: Readonly<Record<string, unknown>>;
  }

  export interface Renderer extends Widget {
    renderModel(model: MimeModel): Promise<void>;
  }

  export interface RendererFactory {
    readonly safe: boolean;
    readonly mimeTypes: readonly string[];
    readonly defaultRank?: number;
    createRenderer(options: { mimeType: string }): Renderer;
  }

  export interface RenderMimeRegistry {
    addFactory(factory: RendererFactory, rank?: number): void;
  }

  /** The token under which JupyterLab keeps its registry. */
  export const IRenderMimeRegistry: unique symbol;
}

declare module "plotly.js-cartesian-dist-min" {
  const Plotly: import("./plotly.js").PlotlyModule;
  // biome-ignore lint/style/noDefaultExport: plotly's own contract
  export default Plotly;
}
