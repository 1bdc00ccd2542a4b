import { InputRefused, type NotebookHost } from "./host.js";

/**
 * Gives cells `prompt`, `confirm` and `alert` as browsers and Deno have them: they wait for the answer. Their types are in
 * `kernel/language/globals.ts`.
 */
export function installPrompts(host: NotebookHost): void {
  const prompt = (message: unknown = "Prompt", otherwise?: unknown, { password = false } = {}): string => {
    const shown = otherwise === undefined || otherwise === null || otherwise === "" ? "" : ` [${String(otherwise)}]`;
    return host.ask(`${String(message)}${shown} `, password) || String(otherwise ?? "");
  };
  const confirm = (message: unknown = "Confirm"): boolean =>
    /^\s*y(es)?\s*$/i.test(host.ask(`${message} [y/N] `, false));
  const alert = (message: unknown = "Alert"): void => {
    try {
      host.ask(`${String(message)} [Enter] `, false);
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      console.log(String(message));
    }
  };
  for (const [name, value] of Object.entries({ prompt, confirm, alert })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
