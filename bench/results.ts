import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { root } from "../setup/root.js";

const file = join(root, "bench", "RESULTS.md");
const heading = "# Results\n\nEach section is written by the command above it, on the machine and day that it names.\n";

/** Puts a section into RESULTS.md, in the place of an older one with the same title. */
export function writeSection(title: string, command: string, body: string): void {
  const old = existsSync(file) ? readFileSync(file, "utf8") : heading;
  const sections = old.split(/^(?=## )/m).map((section) => `${section.trimEnd()}\n`);
  const day = new Date().toISOString().slice(0, 10);
  const [processor] = cpus();
  const made = `\`${command}\` · ${day} · ${cpus().length} × ${processor?.model.trim()} · Node ${process.versions.node}`;
  const section = `## ${title}\n\n${made}\n\n${body.trim()}\n`;
  const at = sections.findIndex((one) => one.startsWith(`## ${title}\n`));
  if (at < 0) sections.push(section);
  else sections[at] = section;
  writeFileSync(file, sections.join("\n"));
}

/** A Markdown table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Milliseconds, with the digits that mean something. */
export function ms(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

/** The middle one, and the least. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
