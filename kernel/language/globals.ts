import { webAssembly } from "./web-assembly.js";

/** What cells find on `globalThis` beside what Node's types say, as a declaration file: `kernel/cell/prompts.ts` and WebAssembly. */
export const globals = `${webAssembly}
/**
 * Asks for a line of text and waits for it. An empty answer stands for the default.
 * Throws where the front end takes no input.
 * @param options \`password\`: the front end hides what is typed
 */
declare function prompt(message?: string, defaultValue?: string | null, options?: { password?: boolean }): string;
/** Asks a question and waits for the answer: true for y or yes. Throws where the front end takes no input. */
declare function confirm(message?: string): boolean;
/** Shows a message and waits for Enter; where the front end takes no input, prints it. */
declare function alert(message?: string): void;
`;
