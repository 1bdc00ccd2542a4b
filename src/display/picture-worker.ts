/** The process that draws pictures of figures: plotly.js → SVG → PNG. */
import { Resvg } from "@resvg/resvg-js";
import { escaped } from "../markup.js";
import type { PictureRequest, Pictures } from "./pictures.js";
import { fontFiles, openPage, pictureFont } from "./plotly-dom.js";
import { indexedPng } from "./png.js";

/** PNG pixels a CSS pixel: sharp on a dense screen and in print. */
const density = 2;

const page = openPage();

process.on("message", async (request: PictureRequest) => {
  process.send?.(await answer(request));
});
process.on("disconnect", () => process.exit());
// Stop in a notebook is for all processes of the kernel's group.
process.on("SIGINT", () => {});

async function answer(request: PictureRequest): Promise<Pictures> {
  try {
    const svg = await toSvg(request);
    return { svg, png: toPng(svg) };
  } catch (error) {
    return { problem: `plotly says: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function toSvg({ data, layout, width, height, alt }: PictureRequest): Promise<string> {
  const { Plotly, document } = page;
  const node = document.createElement("div");
  document.body.append(node);
  try {
    // Plotly tells plain objects by the page's own prototypes.
    const figure = page.JSON.parse(JSON.stringify({ data, layout: { ...layout, width, height, autosize: false } }));
    const family = `"${pictureFont}", Verdana, sans-serif`;
    figure.layout.font = { ...figure.layout.font, family };
    await Plotly.newPlot(node, figure.data, figure.layout, { staticPlot: true, typesetMath: false });
    return tidy(await Plotly.Snapshot.toSVG(node, "svg", 1), alt);
  } finally {
    Plotly.purge(node);
    node.remove();
  }
}

/** Sharp pixels in images too, and a title for those who do not see the picture. */
function tidy(svg: string, alt: string): string {
  return svg
    .replace(/url\('#([^')]+)'\)/g, "url(#$1)")
    .replace(/<image (?![^>]*image-rendering)/g, `<image style="image-rendering: pixelated;" `)
    .replace(/<svg[^>]*>/, (start) => `${start}<title>${escaped(alt)}</title>`);
}

/** What nobody sees, in the corner of a group. */
const anchor = `<rect width="1" height="1" style="fill: #000; fill-opacity: 0.001;"/>`;
const translucent = /(?:^|[;" ])opacity: ?(?:0?\.\d+|0)[;"]/;

/**
 * The SVG as resvg needs it. Browsers know sharp pixels by another name, and a clipped or translucent group all of which lies far outside
 * of the picture (data outside of an axis' range) makes it abort the process (resvg 0.45, `geom.rs`, `fit_to_rect`): each gets
 * something inside.
 */
function readable(svg: string): string {
  return svg
    .replace(/image-rendering: ?(pixelated|crisp-edges|-[a-z-]+);/g, "image-rendering: optimizeSpeed;")
    .replace(/<g\b[^>]*[^/]>/g, (tag) => (tag.includes("clip-path") || translucent.test(tag) ? tag + anchor : tag));
}

function toPng(svg: string): string {
  const picture = new Resvg(readable(svg), {
    fitTo: { mode: "zoom", value: density },
    font: {
      loadSystemFonts: false,
      fontFiles: [...fontFiles],
      defaultFontFamily: pictureFont,
      sansSerifFamily: pictureFont,
      monospaceFamily: "DejaVu Sans Mono",
    },
  });
  const image = picture.render();
  return (indexedPng(image.pixels, image.width, image.height) ?? image.asPng()).toString("base64");
}
