/** What the display tests share: reading a bundle's parts, and a notebook that only listens. */
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { plotlyMime } from "../../../src/display/figure.js";
import { type Displayable, displaySymbol, type Host, hostSymbol, type Rendered } from "../../../src/door.js";

export interface Plot {
  readonly data: readonly Record<string, unknown>[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

export async function rendered(value: Displayable): Promise<Rendered> {
  return (await value[displaySymbol]()) as Rendered;
}

export function plotOf({ data }: Rendered): Plot {
  return data[plotlyMime] as Plot;
}

export function textOf({ data }: Rendered): string {
  return data["text/plain"] as string;
}

/** Bytes of the part, as it goes into a notebook. */
export function sizeOf(part: unknown): number {
  return Buffer.byteLength(typeof part === "string" ? part : JSON.stringify(part));
}

/** Decodes the PNG part with another decoder than the one that made it. */
export async function pixelsOf({ data }: Rendered): Promise<{ width: number; height: number; colours: Set<number> }> {
  const image = await loadImage(Buffer.from(data["image/png"] as string, "base64"));
  const pen = createCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const { buffer } = pen.getImageData(0, 0, image.width, image.height).data;
  return { width: image.width, height: image.height, colours: new Set(new Uint32Array(buffer)) };
}

export interface Shown {
  readonly kind: "display" | "update";
  readonly id: string | undefined;
  readonly rendered: Rendered;
  readonly at: number;
}

/** Runs `work` inside a notebook that keeps what it is shown. */
export async function inNotebook(work: (shown: Shown[]) => Promise<void>): Promise<void> {
  const shown: Shown[] = [];
  const keep = (kind: Shown["kind"], id: string | undefined, rendered: Rendered): void => {
    shown.push({ kind, id, rendered, at: performance.now() });
  };
  const notebook: Pick<Host, "display" | "update"> = {
    display: (rendered, id) => keep("display", id, rendered),
    update: (id, rendered) => keep("update", id, rendered),
  };
  const place = globalThis as { [hostSymbol]?: unknown };
  place[hostSymbol] = notebook;
  try {
    await work(shown);
  } finally {
    delete place[hostSymbol];
  }
}
