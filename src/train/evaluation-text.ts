import { inspect } from "node:util";

/** Numbers by name that a console and a notebook show as lines: single ones in one, lists in one each, tables as tables. */
export function legible<T extends Readonly<Record<string, number>>>(values: T): T {
  const shown = { value: () => text(values), enumerable: false };
  return Object.defineProperties({ ...values }, { [inspect.custom]: shown, toString: shown });
}

/** `confusionMatrix[cat][dog]` → confusionMatrix, cat, dog. */
function pathOf(name: string): readonly string[] {
  const found = /^(.*?)((?:\[[^\]]*\])+)$/.exec(name);
  if (found === null) return [name];
  return [found[1]!, ...found[2]!.slice(1, -1).split("][")];
}

function text(values: Readonly<Record<string, number>>): string {
  const single: string[] = [];
  const lists = new Map<string, string[]>();
  const tables = new Map<string, Map<string, Map<string, string>>>();
  for (const [name, value] of Object.entries(values)) {
    const [head, row, column, ...deeper] = pathOf(name);
    const number = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
    if (row === undefined || deeper.length > 0) single.push(`${name} ${number}`);
    else if (column === undefined) lists.set(head!, [...(lists.get(head!) ?? []), `${row} ${number}`]);
    else {
      const rows = tables.get(head!) ?? new Map<string, Map<string, string>>();
      tables.set(head!, rows);
      rows.set(row, (rows.get(row) ?? new Map<string, string>()).set(column, number));
    }
  }
  return [
    single.join(" · "),
    ...[...lists].map(([name, items]) => `${name}: ${items.join(", ")}`),
    ...[...tables].map(([name, rows]) => `${name}:\n${tableText(rows)}`),
  ].join("\n");
}

function tableText(rows: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const columns = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))];
  const cells = [
    ["", ...columns],
    ...[...rows].map(([name, row]) => [name, ...columns.map((key) => row.get(key) ?? "")]),
  ];
  const widths = cells[0]!.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  return cells.map((line) => line.map((cell, at) => cell.padStart(widths[at]!)).join("  ")).join("\n");
}
