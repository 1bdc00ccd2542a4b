import { ensureAll } from "../../setup/ensure.js";
import { table, writeSection } from "../results.js";
import { adding } from "./adding.js";
import { dates } from "./dates.js";
import { digits } from "./digits.js";
import { folds } from "./folds.js";
import { isMet, type Learning, type Scale, told } from "./learning.js";
import { segmentation } from "./segmentation.js";

/** Every run, by the name that options take. */
export const learnings: Readonly<Record<string, Learning>> = { digits, adding, dates, segmentation, folds };

/**
 * Trains every network of the story in full, and says what came of it. `--runs digits,dates`: some of them; `--quick`: as the tests do.
 * What covers only a part, or is quick, is printed, not written. Throws Error for an option that is none.
 */
export async function learnBench(args: readonly string[]): Promise<void> {
  await ensureAll();
  const { names, scale } = readOptions(args);
  const rows: string[][] = [];
  for (const name of names) {
    const { title, run } = learnings[name]!;
    const begin = performance.now();
    const findings = await run(scale);
    const seconds = Math.round((performance.now() - begin) / 1000);
    for (const finding of findings) {
      const row = [title, finding.what, told(finding), isMet(finding) ? "met" : "**missed**", `${seconds} s`];
      rows.push(row);
      console.error(row.join(" · "));
    }
  }
  const body = table(["run", "figure", "value", "", "time of the run"], rows);
  const isWhole = scale === "full" && names.length === Object.keys(learnings).length;
  if (isWhole) writeSection("Learning", "npm run bench -- learn", body);
  else console.log(body);
}

function readOptions(args: readonly string[]): { names: readonly string[]; scale: Scale } {
  let names: readonly string[] = Object.keys(learnings);
  let scale: Scale = "full";
  for (let at = 0; at < args.length; at++) {
    if (args[at] === "--quick") scale = "quick";
    else if (args[at] === "--runs" && args[at + 1] !== undefined) names = args[++at]!.split(",");
    else throw new Error(`bench: expected --quick or --runs with names, got ${args[at]}.`);
  }
  const stranger = names.find((name) => !Object.hasOwn(learnings, name));
  if (stranger === undefined) return { names, scale };
  throw new Error(`bench: expected runs of ${Object.keys(learnings).join(", ")}, got ${stranger}.`);
}
