/**
 * Runs every spec file that tfjs-core publishes against `src/runtime`. It is bundled, so that the specs, tfjs-core and the
 * backend share one tfjs-core, and run in a process of its own: node bundle.mjs RESULTS.json [part of a name]
 */
import { writeFileSync } from "node:fs";
import { jasmine } from "./jasmine.js";
import "../../src/runtime/tf.js";
import "./backends.js";
import "@tensorflow/tfjs-core/dist/tests.js";

/** A spec that was run, or that tfjs-core itself has switched off (`pending`). */
export interface Result {
  readonly name: string;
  readonly status: "passed" | "failed" | "pending";
  /** What failed. */
  readonly messages: readonly string[];
}

const [, , output = "", part = ""] = process.argv;
const results: Result[] = [];
jasmine.configure({ random: false, specFilter: (spec) => spec.getFullName().includes(part) });
jasmine.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    if (status === "excluded") return;
    const name = fullName.replace(" test-tensorflow {}", "");
    results.push({ name, status, messages: failedExpectations.map(({ message }) => message) });
  },
});
await jasmine.execute();
writeFileSync(output, JSON.stringify(results));
