/** The kernel process: `main.js <connection-file>`. Run node with the options of `node-options.ts`. */
import { writeSync } from "node:fs";
import { startKernel } from "./start.js";
import { type Connection, ConnectionError, exposed, readConnection } from "./wire/connection.js";

function connectionOf(args: readonly string[]): Connection {
  const [file, ...rest] = args;
  if (file === undefined || rest.length > 0) {
    throw new ConnectionError(`expected one argument, a Jupyter connection file, got ${args.length}`);
  }
  const connection = readConnection(file);
  const warning = exposed(file, connection);
  if (warning !== undefined) writeSync(2, `nabla: ${warning}\n`);
  return connection;
}

try {
  startKernel({
    connection: connectionOf(process.argv.slice(2)),
    directory: process.cwd(),
    language: new URL("./language/start.js", import.meta.url),
    startUser: async (options) => (await import("./cell/thread.js")).startUserThread(options),
  });
} catch (error) {
  if (!(error instanceof ConnectionError)) throw error;
  writeSync(2, `nabla: ${error.message}\n`);
  process.exitCode = 1;
}
