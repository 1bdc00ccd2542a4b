import { createCanvas } from "@napi-rs/canvas";
import { DataError, ValueError } from "../errors.js";
import { escaped } from "../markup.js";
import { type Figure, figure } from "./figure.js";
import { colours, defaultSize } from "./house.js";
import { positiveInteger } from "./options.js";
import { clipped } from "./text.js";

/** Images as numbers, 0 … 1 or 0 … 255. */
export interface Images {
  /** [count, height, width, channels], row-major. */
  readonly pixels: Float32Array | Uint8Array | Uint8ClampedArray;
  /** Channels: 1 grey, 3 colour, 4 colour and opacity. */
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
}

/** What stands under the images. Classes are indices into `classes`, or texts. */
export interface ImageGridOptions {
  readonly predicted?: readonly (number | string)[];
  /** The right answers. Where a prediction differs it is marked, by colour and by ✗. */
  readonly expected?: readonly (number | string)[];
  /** How sure the prediction is, 0 … 1. */
  readonly confidence?: readonly number[];
  readonly classes?: readonly string[];
  readonly columns?: number;
  readonly title?: string;
}

/** More images than these are not shown, and the title says so. */
const most = 100;
/** Small images are enlarged in whole steps up to about so many pixels, so that they stay sharp. */
const enlargedTo = 96;
/** Between images, as a share of their longer side. */
const gap = 0.12;
/** CSS pixels of a line under an image. */
const lineHeight = 17;

/** Images side by side, under each what was predicted, and what was right where that differs. Throws DataError, ValueError. */
export function imageGrid(images: Images, options: ImageGridOptions = {}): Figure {
  check(images, options);
  const [all, height, width] = images.shape;
  const count = Math.min(all, most);
  const columns = Math.min(count, options.columns ?? fittingColumns(count));
  const rows = Math.ceil(count / columns);
  const unit = Math.max(height, width);
  const across = width / unit + gap;
  const scale = Math.min(110, (defaultSize.width - 24) / (columns * across));
  const captions = Array.from({ length: count }, (_, index) => captionOf(index, options, across * scale));
  const lines = Math.max(...captions.map((caption) => caption.lines.length));
  const cell = { width: across, height: height / unit + gap + (lines * lineHeight) / scale };
  const places = captions.map((_, index) => ({
    x: (index % columns) * cell.width + gap / 2,
    y: -Math.floor(index / columns) * cell.height - gap / 2,
  }));
  const size = { width: width / unit, height: height / unit };
  const wrong = captions.filter((caption) => caption.wrong).length;
  const title = headline(options, all, count, wrong);
  const frames = captions.flatMap((caption, index) => (caption.wrong ? [frame(places[index], size)] : []));
  return figure({
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: places.map((place) => place.x + size.width / 2),
        y: places.map((place) => place.y - size.height / 2),
        text: captions.map((caption) => caption.hover),
        hovertemplate: "%{text}<extra></extra>",
        marker: { opacity: 0, size: Math.round(scale * 0.5) },
      },
    ],
    layout: {
      height: Math.round(rows * cell.height * scale + (title === "" ? 16 : 52)),
      margin: { l: 8, r: 8, b: 8, t: title === "" ? 8 : 44, autoexpand: false },
      ...(title === "" ? {} : { title: { text: escaped(title) } }),
      hovermode: "closest",
      dragmode: "pan",
      xaxis: { visible: false, range: [0, columns * cell.width], constrain: "domain", constraintoward: "left" },
      yaxis: {
        visible: false,
        range: [-rows * cell.height, 0],
        scaleanchor: "x",
        constrain: "domain",
        constraintoward: "top",
      },
      images: [sheet(images, count, columns, cell, unit)],
      annotations: captions.map((caption, index) => annotation(caption, places[index], size)),
      shapes: frames,
    },
    alt: altText(captions, all, wrong, options),
    text: inWords(captions, title, all),
  });
}

/** Up to six in a row; of more, the number of columns that leaves the fewest places empty. */
function fittingColumns(count: number): number {
  if (count <= 6) return count;
  const empty = (columns: number) => (columns - (count % columns)) % columns;
  return [10, 9, 8, 7, 6, 5].reduce((best, columns) => (empty(columns) < empty(best) ? columns : best));
}

interface Caption {
  /** As it stands under the image, cut to the room there. */
  readonly lines: readonly string[];
  /** On one line, uncut. */
  readonly text: string;
  readonly hover: string;
  readonly wrong: boolean;
  readonly judged: boolean;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function captionOf(index: number, options: ImageGridOptions, room: number): Caption {
  const { predicted, expected, confidence, classes } = options;
  const name = (label: number | string | undefined) =>
    label === undefined ? undefined : typeof label === "number" ? (classes?.[label] ?? String(label)) : label;
  const guess = name(predicted?.[index]);
  const truth = name(expected?.[index]);
  const sure = confidence?.[index];
  const judged = guess !== undefined && truth !== undefined;
  const wrong = judged && guess !== truth;
  const letters = Math.max(4, Math.floor(room / (wrong ? 8.6 : 7.4)));
  const text = judged ? (wrong ? `✗ ${guess}, not ${truth}` : `✓ ${guess}`) : (guess ?? truth ?? "");
  const facts = [
    `image ${index + 1}`,
    ...(guess === undefined
      ? []
      : [`predicted ${guess}${sure === undefined ? "" : ` (${(100 * sure).toFixed(1)} %)`}`]),
    ...(truth === undefined ? [] : [`true ${truth}`]),
  ];
  const parts = text.length <= letters || !wrong ? [text] : [`✗ ${guess}`, `not ${truth}`];
  const lines = text === "" ? [] : parts.map((part) => clipped(part, letters));
  return { lines, text, hover: facts.map(escaped).join("<br>"), wrong, judged };
}

function annotation(caption: Caption, place: Place | undefined, size: { width: number; height: number }): object {
  const text = caption.lines.map(escaped).join("<br>");
  return {
    x: (place?.x ?? 0) + size.width / 2,
    y: (place?.y ?? 0) - size.height,
    xanchor: "center",
    yanchor: "top",
    showarrow: false,
    text: caption.wrong ? `<b>${text}</b>` : text,
    font: { size: 12, ...(caption.judged ? { color: caption.wrong ? colours.vermillion : colours.green } : {}) },
  };
}

function frame(place: Place | undefined, size: { width: number; height: number }): object {
  const { x, y } = place ?? { x: 0, y: 0 };
  return {
    type: "rect",
    x0: x,
    x1: x + size.width,
    y0: y,
    y1: y - size.height,
    line: { color: colours.vermillion, width: 2.5 },
  };
}

/** All images as one PNG, laid over the axes. */
function sheet(
  images: Images,
  count: number,
  columns: number,
  cell: { width: number; height: number },
  unit: number,
): object {
  const [, height, width, channels] = images.shape;
  const zoom = Math.max(1, Math.round(enlargedTo / unit));
  const step = { x: Math.round(cell.width * unit * zoom), y: Math.round(cell.height * unit * zoom) };
  const rows = Math.ceil(count / columns);
  const canvas = createCanvas(columns * step.x, rows * step.y);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  const small = createCanvas(width, height);
  const smallPen = small.getContext("2d");
  const light = brightness(images.pixels);
  for (let index = 0; index < count; index++) {
    const picture = smallPen.createImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel++) {
      const from = (index * width * height + pixel) * channels;
      for (let channel = 0; channel < 4; channel++) {
        const source = channels === 1 ? (channel < 3 ? 0 : undefined) : channel < channels ? channel : undefined;
        picture.data[4 * pixel + channel] = source === undefined ? 255 : light(images.pixels[from + source] ?? 0);
      }
    }
    smallPen.putImageData(picture, 0, 0);
    const inset = (gap / 2) * unit * zoom;
    const [x, y] = [(index % columns) * step.x + inset, Math.floor(index / columns) * step.y + inset];
    pen.drawImage(small, Math.round(x), Math.round(y), width * zoom, height * zoom);
  }
  return {
    source: canvas.toDataURL("image/png"),
    xref: "x",
    yref: "y",
    x: 0,
    y: 0,
    sizex: columns * cell.width,
    sizey: rows * cell.height,
    sizing: "stretch",
    layer: "below",
  };
}

/** Numbers to 0 … 255: bytes as they are, others by the smallest of the ranges 0 … 1, 0 … 255 and their own that holds them. */
function brightness(pixels: Images["pixels"]): (value: number) => number {
  if (!(pixels instanceof Float32Array)) return (value) => value;
  let low = 0;
  let high = 0;
  for (const value of pixels) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low < 0) return (value) => ((value - low) / (high - low || 1)) * 255;
  return high <= 1 ? (value) => value * 255 : high <= 255 ? (value) => value : (value) => (value / high) * 255;
}

function headline({ title, predicted, expected }: ImageGridOptions, all: number, count: number, wrong: number): string {
  const judged = predicted !== undefined && expected !== undefined ? `${count - wrong} of ${count} right` : "";
  const cut = count < all ? `the first ${count} of ${all}` : "";
  return [title ?? "", cut, judged].filter((part) => part !== "").join(" · ");
}

function altText(captions: readonly Caption[], all: number, wrong: number, options: ImageGridOptions): string {
  const judged = captions.some((caption) => caption.judged) ? `, ${wrong} of them predicted wrongly` : "";
  return `${options.title ?? "Images"}: ${all} images${judged}.`;
}

function inWords(captions: readonly Caption[], title: string, all: number): string {
  const texts = captions.map((caption) => caption.text).filter((text) => text !== "");
  return [`${all} images${title === "" ? "" : `: ${title}`}`, ...(texts.length > 0 ? [texts.join("  ")] : [])].join(
    "\n",
  );
}

function check({ pixels, shape }: Images, options: ImageGridOptions): void {
  const [count, height, width, channels] = shape;
  const size = count * height * width * channels;
  if (![1, 3, 4].includes(channels)) {
    throw new ValueError({ what: "imageGrid: channels", expected: "1, 3 or 4", got: String(channels) });
  }
  if (size === 0 || pixels.length !== size) {
    const expected = `pixels [${shape.join(", ")}], that is ${size} numbers, at least one`;
    throw new DataError({ what: "imageGrid", expected, got: String(pixels.length) });
  }
  if (options.columns !== undefined) positiveInteger("imageGrid: columns", options.columns);
  for (const name of ["predicted", "expected", "confidence"] as const) {
    const list = options[name];
    if (list === undefined || list.length === count) continue;
    throw new DataError({ what: `imageGrid: ${name}`, expected: `${count}, one an image`, got: String(list.length) });
  }
}
