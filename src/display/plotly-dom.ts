import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Canvas, createCanvas, GlobalFonts } from "@napi-rs/canvas";
import { svgPathProperties } from "svg-path-properties";
import { type Box, boxOf, moved, nothing, transformOf, union } from "./boxes.js";

/** What plotly.js is to the process that draws pictures. */
export interface Plotly {
  newPlot(node: unknown, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(node: unknown): void;
  readonly Snapshot: { toSVG(node: unknown, format: "svg", scale: number): Promise<string> | string };
}

/** The elements of jsdom, as far as the shims look at them (the project has no DOM types). */
interface Element {
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly children: Iterable<Element>;
  readonly parentNode: Element | null;
  readonly style?: {
    fontSize: string;
    fontFamily: string;
    fontWeight: string;
    textAnchor: string;
    [key: string]: string;
  };
  getAttribute?(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
  remove(): void;
}

interface Page {
  readonly Plotly: Plotly;
  readonly JSON: typeof JSON;
  readonly document: { createElement(tag: string): Element; readonly body: { append(node: Element): void } };
  readonly URL: Record<string, unknown>;
  readonly Element: { prototype: object };
  readonly SVGElement: { prototype: object };
  readonly HTMLCanvasElement: { prototype: object };
  eval(script: string): unknown;
}

const packages = createRequire(import.meta.url);

/** The font of all pictures. It comes from a package: a fresh container has none. */
export const pictureFont = "DejaVu Sans";

/** Its files: regular, bold, oblique, monospaced. */
export const fontFiles: readonly string[] = [
  "DejaVuSans",
  "DejaVuSans-Bold",
  "DejaVuSans-Oblique",
  "DejaVuSansMono",
].map((name) => packages.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

/** Opens a page without a browser and loads plotly.js into it. */
export function openPage(): Page {
  for (const file of fontFiles) GlobalFonts.registerFromPath(file);
  const { JSDOM } = packages("jsdom") as { JSDOM: new (html: string, options: object) => { window: Page } };
  const page = new JSDOM("<!doctype html><body></body>", { runScripts: "outside-only", pretendToBeVisual: true })
    .window;
  Object.assign(page.URL, { createObjectURL: () => "blob:none", revokeObjectURL: () => {} });
  giveCanvas(page);
  giveLayout(page);
  page.eval(readFileSync(packages.resolve("plotly.js-cartesian-dist-min"), "utf8"));
  return page;
}

/** jsdom has no canvas: plotly paints heatmaps and images on one. */
function giveCanvas(page: Page): void {
  type Sized = Element & { readonly width: number; readonly height: number };
  const canvases = new WeakMap<Sized, Canvas>();
  const canvasOf = (element: Sized) => {
    const { width, height } = element;
    const known = canvases.get(element);
    if (known?.width === width && known.height === height) return known;
    const fresh = createCanvas(width, height);
    canvases.set(element, fresh);
    return fresh;
  };
  Object.assign(page.HTMLCanvasElement.prototype, {
    getContext(this: Sized, kind: string) {
      return kind === "2d" ? canvasOf(this).getContext("2d") : null;
    },
    toDataURL(this: Sized) {
      return canvasOf(this).toDataURL("image/png");
    },
  });
}

/** jsdom lays nothing out: plotly asks for the boxes of texts and shapes, and for lengths of paths. */
function giveLayout(page: Page): void {
  const pathOf = (element: Element) => new svgPathProperties(element.getAttribute?.("d") || "M0,0");
  Object.assign(page.Element.prototype, {
    getBoundingClientRect(this: Element) {
      let box = drawn(this);
      for (let at: Element | null = this; at?.getAttribute && !isTag(at, "svg"); at = at.parentNode) {
        box = moved(box, transformOf(at.getAttribute("transform")));
      }
      return rect(box);
    },
    scrollIntoView() {},
  });
  Object.assign(page.SVGElement.prototype, {
    getBBox(this: Element) {
      return rect(drawn(this));
    },
    getTotalLength(this: Element) {
      return isTag(this, "path") ? pathOf(this).getTotalLength() : 0;
    },
    getPointAtLength(this: Element, length: number) {
      return pathOf(this).getPointAtLength(length);
    },
    getComputedTextLength(this: Element) {
      return measure(this).width;
    },
  });
}

const pen = createCanvas(8, 8).getContext("2d");
/** Of the font size: how far lines stand apart, and how far the first rises above its baseline. */
const lineHeight = 1.3;
const ascent = 0.93;

function measure(element: Element): { width: number; height: number; size: number } {
  let size = 0;
  let weight = "";
  for (let at: Element | null = element; at?.style; at = at.parentNode) {
    size ||= Number.parseFloat(at.style.fontSize) || 0;
    weight ||= at.style.fontWeight;
  }
  size ||= 12;
  pen.font = `${weight || "normal"} ${size}px "${pictureFont}"`;
  const spans = [...element.querySelectorAll("tspan.line")];
  const lines = (spans.length > 0 ? spans : [element]).map((line) => line.textContent ?? "");
  const width = Math.max(...lines.map((text) => pen.measureText(text).width));
  return { width, height: width === 0 ? 0 : size * lineHeight * lines.length, size };
}

function drawn(element: Element): Box {
  const tag = element.nodeName.toLowerCase();
  const number = (name: string) => Number(element.getAttribute?.(name)) || 0;
  if (tag === "text" || tag === "tspan") {
    const { width, height, size } = measure(element);
    const anchor = element.style?.textAnchor || element.getAttribute?.("text-anchor");
    const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
    return boxOf(number("x") - shift, number("y") - size * ascent, width, height);
  }
  if (tag === "g") return within(element);
  if (tag === "path") return pathBox(element.getAttribute?.("d") ?? "");
  if (tag === "rect" || tag === "image") return boxOf(number("x"), number("y"), number("width"), number("height"));
  return boxOf(
    0,
    0,
    Number.parseFloat(element.style?.width ?? "") || 0,
    Number.parseFloat(element.style?.height ?? "") || 0,
  );
}

function within(group: Element): Box {
  const boxes = [...group.children]
    .filter((child) => /^(text|g|path|rect|image)$/i.test(child.nodeName))
    .map((child) => moved(drawn(child), transformOf(child.getAttribute?.("transform") ?? null)))
    .filter((box) => box.right > box.left && box.bottom > box.top);
  return boxes.length === 0 ? nothing : boxes.reduce(union);
}

/** Good enough for what plotly measures, legend symbols and arrows: the box of the points that end a path's commands. */
function pathBox(path: string): Box {
  if (path === "" || /[a-z]/.test(path.replace(/[zhv]/g, ""))) return nothing;
  const points = [...path.matchAll(/(-?[\d.]+)[, ](-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
  if (points.length === 0) return nothing;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return boxOf(left, top, Math.max(...xs) - left, Math.max(...ys) - top);
}

function isTag(element: Element, tag: string): boolean {
  return element.nodeName.toLowerCase() === tag;
}

function rect(box: Box): object {
  return { ...box, x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
}
