const said = new Set<string>();

/** Says something on stderr, the first time only. */
export function oneLine(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  console.warn(text);
}
