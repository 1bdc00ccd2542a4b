/** Where progress goes: a terminal gets bars that grow, anything else gets a few plain lines. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One piece of work that takes a while. */
export interface Progress {
  /** How far it is; `total` 0 means unknown. `note` is what it is busy with. */
  at(done: number, total: number, note?: string): void;
  /** The end of it, in words. */
  done(result: string): void;
  /** The end of it because something went wrong: clears the bar, so that the message stands alone. */
  failed(): void;
}

/** How amounts are written: bytes as `274.1 MB`, or counts. */
export type Unit = "bytes" | "count";

/** Bytes in powers of ten: `812 kB`, `274.1 MB`, `1.24 GB`. */
export function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${Math.round(bytes / 1e3)} kB`;
}

/** Starts to show a piece of work. */
export function progress(title: string, unit: Unit = "bytes", screen: Screen = process.stderr): Progress {
  return screen.isTTY ? bar(title, unit, screen) : lines(title, unit, screen);
}

function amount(value: number, unit: Unit): string {
  return unit === "bytes" ? size(value) : String(value);
}

function bar(title: string, unit: Unit, screen: Screen): Progress {
  const started = Date.now();
  const draw = (text: string): void => {
    const width = (screen.columns ?? 80) - 1;
    screen.write(`\r\x1b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
  };
  draw(`${title}…`);
  return {
    at(done, total, note = "") {
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(share * 24);
      const of = total > 0 ? ` / ${amount(total, unit)}` : "";
      const rest = unit === "bytes" ? remaining(done, total, Date.now() - started) : "";
      draw(`${title} ${"█".repeat(filled)}${"░".repeat(24 - filled)} ${amount(done, unit)}${of}${rest} ${note}`);
    },
    done(result) {
      draw(`${title}: ${result}\n`);
    },
    failed() {
      draw("");
    },
  };
}

function remaining(done: number, total: number, ms: number): string {
  if (ms < 1000 || done <= 0 || total <= 0) return "";
  const rate = done / (ms / 1000);
  return ` · ${size(rate)}/s · ${Math.ceil((total - done) / rate)} s left`;
}

function lines(title: string, unit: Unit, screen: Screen): Progress {
  let told = 0;
  screen.write(`${title}…\n`);
  return {
    at(done, total) {
      const quarter = total > 0 ? Math.floor((4 * done) / total) : 0;
      if (quarter <= told || quarter >= 4) return;
      told = quarter;
      screen.write(`${title}: ${amount(done, unit)} of ${amount(total, unit)}\n`);
    },
    done(result) {
      screen.write(`${title}: ${result}\n`);
    },
    failed() {},
  };
}
