/** What plotly puts on the element it draws into. */
export interface PlotElement extends HTMLElement {
  data?: unknown;
}

/** A plotly figure as it stands in a notebook. */
export interface Spec {
  data?: unknown[];
  layout?: Layout;
  config?: Record<string, unknown>;
  frames?: unknown[];
}

/** The part of plotly's layout that the renderer looks at. */
export interface Layout {
  height?: number;
  width?: number;
  autosize?: boolean;
  uirevision?: unknown;
  template?: { layout?: Record<string, unknown> };
  [key: string]: unknown;
}

/** The part of plotly.js that the renderer calls. */
export interface PlotlyModule {
  react(node: HTMLElement, data: unknown[], layout: Layout, config: Record<string, unknown>): Promise<unknown>;
  addFrames(node: HTMLElement, frames: unknown[]): Promise<unknown>;
  purge(node: HTMLElement): void;
  readonly Plots: { resize(node: HTMLElement): Promise<unknown> | undefined };
}

let loading: Promise<PlotlyModule> | undefined;

/** plotly.js, fetched with the first figure of the page. */
export function plotly(): Promise<PlotlyModule> {
  loading ??= import("plotly.js-cartesian-dist-min").then((module) => module.default);
  return loading;
}
