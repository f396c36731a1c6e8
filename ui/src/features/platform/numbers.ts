/** Numbers of the buyer's platform, typed or pasted into a list. */
export type Numbers = Record<string, string>;

/** A column copied from a table, one number a line; what stands right of a tab is another column. */
export function columnOf(text: string): string[] {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  return lines.map((line) => line.split("\t")[0]?.trim() ?? "");
}

/** Numbers with a pasted column laid over the rows from `from` on; empty lines leave what stands there. */
export function spread(
  numbers: Numbers,
  ids: readonly string[],
  from: number,
  column: readonly string[],
): Numbers {
  const next = { ...numbers };
  column.forEach((number, index) => {
    const id = ids[from + index];
    if (id !== undefined && number !== "") next[id] = number;
  });
  return next;
}

/** The rows that were filled in, in the order of the list. */
export function filled(numbers: Numbers, ids: readonly string[]): { order_id: string; number: string }[] {
  return ids
    .map((id) => ({ order_id: id, number: numbers[id]?.trim() ?? "" }))
    .filter((row) => row.number !== "");
}

/** Numbers given to more than one row. */
export function repeated(numbers: Numbers, ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { number } of filled(numbers, ids)) (seen.has(number) ? twice : seen).add(number);
  return twice;
}
