/**
 * The look of all figures, in one place: fonts, margins, and colours that colour-blind readers can tell apart (Okabe and
 * Ito, "Color Universal Design", 2008).
 */

/** Okabe-Ito, in the order in which figures use it; its blue a little lighter, to be seen on dark pages too. */
export const colours = {
  blue: "#1F83CC",
  vermillion: "#D55E00",
  green: "#009E73",
  purple: "#CC79A7",
  orange: "#E69F00",
  sky: "#56B4E9",
  grey: "#7F7F7F",
} as const;

/** Tells the JupyterLab extension that it may repaint a figure in the colours of the page. */
const themeMark = { theme: "nabla" } as const;

/** CSS pixels of a figure that does not ask for others. */
export const defaultSize = { width: 760, height: 380 } as const;

const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif';
const ink = "#262626";
const line = "#8C8C8C";
const grid = "#E3E3E3";

const axis = {
  automargin: true,
  gridcolor: grid,
  linecolor: line,
  spikecolor: line,
  spikedash: "solid",
  spikethickness: 1,
  showline: true,
  tickcolor: line,
  ticks: "outside",
  ticklen: 4,
  title: { standoff: 8 },
  zeroline: false,
};

/** Plotly's defaults, replaced by the house's; a figure's own layout goes over them. */
export const template = {
  layout: {
    meta: themeMark,
    colorway: [colours.blue, colours.vermillion, colours.green, colours.purple, colours.orange, colours.sky],
    font: { family: fonts, size: 13, color: ink },
    title: { x: 0, xref: "paper", xanchor: "left", font: { size: 15 } },
    margin: { l: 60, r: 24, t: 56, b: 48 },
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    xaxis: axis,
    yaxis: axis,
    legend: { bgcolor: "rgba(0,0,0,0)" },
    hoverlabel: { align: "left", namelength: -1, font: { family: fonts, size: 12 } },
    modebar: { bgcolor: "rgba(0,0,0,0)" },
  },
} as const;

/** Plotly's buttons: nothing is uploaded, nothing advertised; `$` in a token starts no formula. */
export const config = {
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  typesetMath: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
} as const;
