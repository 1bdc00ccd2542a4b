import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of the history: `NABLA_HISTORY`, else `$NABLA_HOME/history`, else `$XDG_DATA_HOME/nabla/history`, else
 * `~/.local/share/nabla/history`. Undefined for `NABLA_HISTORY=off`: nothing is written then.
 */
export function historyFolder(env: Environment): string | undefined {
  if (env.NABLA_HISTORY === "off") return undefined;
  if (env.NABLA_HISTORY) return env.NABLA_HISTORY;
  if (env.NABLA_HOME) return join(env.NABLA_HOME, "history");
  return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "nabla", "history");
}
