/** Files of the library and of what it stands on; frames in them are not the user's. */
const ours = [new URL("../", import.meta.url).href, "node_modules/", "node:"];

/** The innermost place in the user's own code of an error's stack, `at In[3]:2:5`; empty when there is none. */
export function userLine({ stack = "" }: Error): string {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const frame = frames.find((line) => !ours.some((part) => line.includes(part)) && !line.includes("<anonymous>"));
  return frame?.trim() ?? "";
}
