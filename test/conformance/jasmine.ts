/** jasmine, booted before the specs are loaded: they expect its functions to be global. */
import { createRequire } from "node:module";

/** What a finished spec looks like to a reporter. */
export interface SpecResult {
  readonly fullName: string;
  readonly status: "passed" | "failed" | "pending" | "excluded";
  readonly failedExpectations: readonly { readonly message: string }[];
  readonly pendingReason?: string;
}

interface Environment {
  configure(options: { random: boolean; specFilter: (spec: { getFullName(): string }) => boolean }): void;
  addReporter(reporter: { specDone(result: SpecResult): void }): void;
  execute(): Promise<unknown>;
}

const require = createRequire(import.meta.url);
const core = require("jasmine-core") as { boot(): { getEnv(): Environment } };

/** jasmine's environment. */
export const jasmine = core.boot().getEnv();
