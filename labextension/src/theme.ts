import type { Spec } from "./plotly.js";

/** Plotly paints the pressed button almost white, puts a bright band under the hover line, and offers no option. */
const css = `
.nabla-figure { overflow: auto hidden; }
.nabla-figure .spikeline { stroke-width: 1px !important; }
.nabla-figure .updatemenu-item-rect[style*="rgb(244, 250, 255)"] {
  fill: color-mix(in srgb, var(--jp-brand-color1, #1976d2) 35%, transparent) !important;
}`;

/** Adds the style sheet of all figures to the page, once. */
export function addStyles(): void {
  const id = "nabla-figure-styles";
  if (document.getElementById(id) !== null) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = css;
  document.head.append(style);
}

/** Marks the figures of ours, whose colours may follow the page; other people's figures keep theirs. */
const mark = "nabla";

/** A copy of the figure, its text, lines and paper in the colours of JupyterLab's theme. */
export function themed(spec: Spec, node: HTMLElement): Spec {
  const copy = structuredClone(spec);
  const layout = copy.layout?.template?.layout;
  if (layout !== undefined && (layout.meta as { theme?: unknown } | undefined)?.theme === mark) paint(layout, node);
  return copy;
}

function paint(layout: Record<string, unknown>, node: HTMLElement): void {
  const style = getComputedStyle(node);
  const colour = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const text = colour("--jp-content-font-color1", "#222");
  const faint = colour("--jp-border-color2", "#ddd");
  const strong = colour("--jp-border-color0", "#999");
  const paper = colour("--jp-layout-color0", "#fff");
  merge(layout, {
    font: { color: text },
    title: { font: { color: text } },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    xaxis: { gridcolor: faint, linecolor: strong, zerolinecolor: faint, tickcolor: strong },
    yaxis: { gridcolor: faint, linecolor: strong, zerolinecolor: faint, tickcolor: strong },
    hoverlabel: { bgcolor: colour("--jp-layout-color2", paper), bordercolor: strong, font: { color: text } },
    updatemenudefaults: { bgcolor: "rgba(0,0,0,0)", bordercolor: strong },
    sliderdefaults: { bgcolor: faint, bordercolor: strong, tickcolor: strong },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: strong, activecolor: text },
  });
}

function merge(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    if (isPlain(value)) {
      if (!isPlain(into[key])) into[key] = {};
      merge(into[key] as Record<string, unknown>, value);
    } else into[key] = value;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Calls back whenever the page changes its theme; returns what stops that. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
  return () => observer.disconnect();
}
