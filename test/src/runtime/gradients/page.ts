/** docs/gradients.md, made of the list of operations. */
import { differentiable, others } from "./list.js";
import type { Differentiable, Other } from "./operation.js";

const introduction = `# Gradients

Made from the list that the tests are made of, by \`node dist/test/src/runtime/gradients/write-page.js\`; edit
\`test/src/runtime/gradients/\`, not this page.

Every operation of \`tf\`: whether TensorFlow computes it, there and back, without a value that is read on the host, so that it can
stand in a compiled function; whether it has a gradient; whether that has one. Each gradient is held against differences of the
operation's values, each second derivative against differences of the gradient, for every argument that is named
(\`test/src/runtime/gradients-table.test.ts\`). Where an operation has kinks or jumps, the derivative is that of the piece.

A gradient that is registered for a kernel that has one here does not replace it: take that away first, with
\`tf.unregisterGradient\`.`;

/** The page as text. */
export function gradientsPage(): string {
  return `${[
    introduction,
    `## ${differentiable.length} operations with gradients, 0 without one that they should have`,
    table(
      ["operation", "kernel native", "gradient", "second derivative", "tried"],
      differentiable.map(differentiableRow),
    ),
    `## ${others.length} functions without`,
    table(["function", "kernel native", "why it has none"], others.map(otherRow)),
  ].join("\n\n")}\n`;
}

function differentiableRow({ name, uses }: Differentiable): string[] {
  const tried = uses.map(({ of }) => of).filter((of) => of !== "");
  return [`\`${name}\``, "yes", "yes", "yes", tried.join("; ")];
}

function otherRow({ name, reason, run }: Other): string[] {
  const native = reason === "no operation on tensors" ? "–" : run === undefined ? "no" : "yes";
  return [`\`${name}\``, native, reason];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
