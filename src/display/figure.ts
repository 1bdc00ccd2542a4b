import { type Displayable, displaySymbol, type MimeBundle, type Rendered } from "../door.js";
import { config, defaultSize, template } from "./house.js";
import { pictures } from "./pictures.js";
import { portable } from "./portable.js";

/** MIME type of a plotly figure in a notebook. */
export const plotlyMime = "application/vnd.plotly.v1+json";

/** A plotly trace: https://plotly.com/javascript/reference. */
export type Trace = Readonly<{ type: string } & Record<string, unknown>>;

/** What a figure is made of. */
export interface FigureSpec {
  readonly data: readonly Trace[];
  /** Plotly's layout, over the house template. `height` in CSS pixels; the width follows the page. */
  readonly layout?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  /** What the figure shows, in a sentence, for those who do not see it. */
  readonly alt: string;
  /** What a console shows instead. */
  readonly text: string;
  /** What the pictures show where that differs: they cannot be clicked, so menus go. */
  readonly still?: { readonly data?: readonly Trace[]; readonly layout?: Readonly<Record<string, unknown>> };
}

/** A figure that displays itself: interactive where plotly is, as pictures elsewhere, as text in a console. */
export class Figure implements Displayable {
  readonly spec: FigureSpec;

  constructor(spec: FigureSpec) {
    this.spec = spec;
  }

  /** The interactive part and the text, without the pictures: cheap enough for many a second. */
  interactive(): Rendered {
    return { data: { [plotlyMime]: this.plot(), "text/plain": this.spec.text }, metadata: {} };
  }

  /** All parts: plotly, SVG, PNG and text. When no pictures can be drawn, the text says why. */
  async [displaySymbol](): Promise<Rendered> {
    const { alt, still } = this.spec;
    const plot = this.plot();
    const layout = { ...plot.layout, ...(portable(still?.layout ?? {}) as object) };
    const width = typeof layout.width === "number" ? layout.width : defaultSize.width;
    const height = layout.height;
    const traces = still?.data === undefined ? plot.data : (portable(still.data) as typeof plot.data);
    const drawn = await pictures({ data: traces, layout, width, height, alt });
    const data: MimeBundle = { [plotlyMime]: plot };
    if ("problem" in drawn) {
      data["text/plain"] = `${this.spec.text}\n(no pictures: ${drawn.problem})`;
      return { data, metadata: {} };
    }
    data["image/svg+xml"] = drawn.svg;
    data["image/png"] = drawn.png;
    data["text/plain"] = this.spec.text;
    const size = { width, height };
    return { data, metadata: { "image/png": { ...size, alt }, "image/svg+xml": { alt } } };
  }

  private plot(): PlotlyJson {
    const { data, layout, config: own } = this.spec;
    return portable({
      data,
      layout: { height: defaultSize.height, uirevision: "kept", ...layout, template },
      config: { ...config, ...own },
    }) as PlotlyJson;
  }
}

interface PlotlyJson {
  readonly data: readonly Record<string, unknown>[];
  readonly layout: Readonly<Record<string, unknown>> & { readonly height: number };
  readonly config: Readonly<Record<string, unknown>>;
}

/** A figure of one's own: any plotly traces in the house's look. `alt` and `text` stand in where it cannot be seen. */
export function figure(spec: FigureSpec): Figure {
  return new Figure(spec);
}
