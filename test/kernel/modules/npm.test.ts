import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startRegistry } from "../cell/registry.js";
import { printed, resultText, startKernel } from "../client.js";

test("what %npm installs can be imported at once, with its types; an update waits for a restart, and that is said", async (context) => {
  const files = (value: string, type: string): Record<string, string> => ({
    "package.json": '{ "type": "module", "main": "index.js", "types": "index.d.ts" }',
    "index.js": `export const value = ${value};`,
    "index.d.ts": `export declare const value: ${type};`,
  });
  const registry = await startRegistry({ fresh: { "1.0.0": files("1", "number"), "2.0.0": files("'two'", "string") } });
  const folder = mkdtempSync(join(tmpdir(), "nabla-npm-"));
  const env = { ...process.env, npm_config_registry: registry.url, npm_config_cache: join(folder, "cache") };
  const kernel = await startKernel(undefined, env, undefined, folder);
  context.after(async () => {
    kernel.close();
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = async (code: string): Promise<string> => {
    const { reply, outputs } = await kernel.execute(code);
    return `${reply.content.status} ${resultText(outputs) ?? ""}${reply.content.evalue ?? ""} ${printed(outputs)}${printed(outputs, "stderr")}`;
  };
  const cell = 'import { value } from "fresh"; value.toFixed(1)';
  assert.match(
    await run('await import("fresh" as string)'),
    /^error .*expected a package named fresh, got none\. Run %npm/,
  );
  assert.match(await run("%npm install fresh@1"), /^ok .*added 1 package/s);
  assert.match(await run(cell), /^ok '1\.0'/);
  assert.match(await run("%npm install fresh@2"), /^ok /);
  assert.match(await run(cell), /^error .*toFixed/, "the types are those of the new version");
  const told = /^ok 1 fresh 1\.0\.0 stays loaded; restart the kernel to use 2\.0\.0, which is installed now\./;
  assert.match(await run('(await import("fresh")).value'), told);
  assert.match(await run("%npm uninstall fresh"), /^ok .*removed 1 package/s);
  assert.match(await run(cell), /^error .*Cannot find module 'fresh'/);
  assert.match(await run("%npm install nowhere-to-be-found"), /^error .*which it does not have/);
});
