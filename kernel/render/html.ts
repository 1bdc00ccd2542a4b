import { escaped } from "../../src/markup.js";
import type { Tone } from "./look.js";

/**
 * Colours that can be read on white and on black, for pages that let neither style sheets nor variables through (JupyterLab,
 * where a notebook is not trusted), and the variables of JupyterLab's themes that replace them elsewhere.
 */
const colours: Readonly<Record<Exclude<Tone, "plain">, readonly [fixed: string, variable: string]>> = {
  string: ["#c0504d", "--jp-mirror-editor-string-color"],
  number: ["#2e8b57", "--jp-mirror-editor-number-color"],
  atom: ["#7a7ade", "--jp-mirror-editor-atom-color"],
  key: ["#3578b9", "--jp-mirror-editor-property-color"],
  special: ["#a05fc0", "--jp-mirror-editor-operator-color"],
  dim: ["#808080", "--jp-content-font-color2"],
};

const rules = Object.values(colours).map(
  ([fixed, variable]) => `.nabla-value [style="color:${fixed}"]{color:var(${variable},${fixed})!important}`,
);

/** Goes before the HTML of a value. */
export const styleSheet = `<style>.nabla-value{font-family:var(--jp-code-font-family,monospace)!important}\
.nabla-value details{overflow-wrap:anywhere}.nabla-value td{white-space:nowrap}.nabla-value summary{cursor:pointer}.nabla-value details[open]>summary>.nabla-preview{display:none}\
${rules.join("")}</style>`;

/** A text in its colour. */
export function toned(tone: Tone, text: string): string {
  return tone === "plain" ? escaped(text) : `<span style="color:${colours[tone][0]}">${escaped(text)}</span>`;
}
