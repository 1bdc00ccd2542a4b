/** docs/oracles.md, made of what the fixtures say that they hold things against. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.js";

/** One public thing, and what its numbers are held against. */
interface Item {
  readonly name: string;
  readonly oracle: string;
  readonly fixture: string;
}

const folder = join(root, "test/fixtures");

/** All that the fixtures name, in the order of the alphabet. */
export function items(): Item[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const { items = {} } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { items?: Record<string, string> };
      return Object.entries(items).map(([name, oracle]) => ({ name, oracle, fixture: file }));
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The page as it should be. */
export function oraclesPage(): string {
  const rows = items().map(({ name, oracle, fixture }) => {
    const script = fixture.replace(/\.json$/, ".py");
    return `| \`${name}\` | ${oracle} | [${script}](../test/fixtures/${script}) |`;
  });
  return [
    "# What numbers are held against",
    "",
    "Made from the fixtures by `node dist/test/oracles/write-page.js`; edit the scripts in `test/fixtures/`, not this page. Each script",
    "computes with the library that it names; values agree to 1e-5, gradients to 1e-4, where its test says nothing stricter.",
    "",
    "| here | there | script |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
