/** The thread that draws pictures of figures: plotly.js → SVG → PNG. */
import { parentPort } from "node:worker_threads";
import { Resvg } from "@resvg/resvg-js";
import { escaped } from "../markup.js";
import type { PictureRequest, Pictures } from "./pictures.js";
import { fontFiles, openPage, pictureFont } from "./plotly-dom.js";
import { indexedPng } from "./png.js";

/** PNG pixels a CSS pixel: sharp on a dense screen and in print. */
const density = 2;

const page = openPage();

parentPort?.on("message", async (request: PictureRequest) => {
  parentPort?.postMessage(await answer(request));
});

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

function toPng(svg: string): string {
  // Browsers know sharp pixels by another name than resvg.
  const readable = svg.replace(
    /image-rendering: ?(pixelated|crisp-edges|-[a-z-]+);/g,
    "image-rendering: optimizeSpeed;",
  );
  const picture = new Resvg(readable, {
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
