/** Pure logic of counting: what a scanned or typed line comes to. */

import type { CountLine, CountRow, PartRow, TakeRow } from "@/generated/door";

/** What was counted, or why it was not. */
export interface Counted {
  line: CountLine | null;
  /** What to tell: counted before, by whom and where. */
  note: string | null;
}

const lineOf = (part: string, place: string, serial: string, quantity: number): CountLine => ({
  part,
  place,
  serial,
  batch: "",
  owner: "",
  quantity,
});

/** A line just counted, as it stands among the others until the store tells it. */
export const freshRow = (line: CountLine, part: PartRow, placeName: string): CountRow => ({
  ...line,
  part_name: part.name,
  unit: part.unit,
  place_name: placeName,
  book: null,
  by: "",
  at: "",
  pending: true,
  mine: true,
});

/** What this user has counted of a model without serial numbers at a place. */
export const mineAt = (lines: readonly CountRow[], part: string, place: string): number =>
  lines.find((line) => line.mine && !line.serial && line.part === part && line.place === place)?.quantity ??
  0;

/** A serial number at a place. Counted here before: told, not counted twice; elsewhere: told, and counted here. */
export function countSerial(
  lines: readonly CountRow[],
  part: string,
  place: string,
  serial: string,
): Counted {
  const before = lines.find((line) => line.serial === serial && line.part === part && line.quantity > 0);
  const line = lineOf(part, place, serial, 1);
  if (!before) return { line, note: null };
  const who = before.mine ? "您" : before.by;
  if (before.place === place) return { line: null, note: `${serial} 已由${who}在这里点过` };
  return { line, note: `${serial} 已由${who}在 ${before.place_name} 点过，请核对实物在哪里` };
}

/** One more of a model without serial numbers. */
export const countOne = (lines: readonly CountRow[], part: string, place: string): Counted => ({
  line: lineOf(part, place, "", mineAt(lines, part, place) + 1),
  note: null,
});

/** What is typed for a line: a serial number, or a quantity that replaces the one before. */
export function countTyped(lines: readonly CountRow[], part: PartRow, place: string, typed: string): Counted {
  const text = typed.trim();
  if (part.tracking === "serial")
    return text ? countSerial(lines, part.id, place, text) : { line: null, note: "请扫描或输入序列号" };
  if (!/^\d{1,6}$/.test(text)) return { line: null, note: "请填写数量，没有就写 0" };
  return { line: lineOf(part.id, place, "", Number(text)), note: null };
}

/** How the counting of a stocktake stands, for its row in the list. */
export function takeText(row: TakeRow): string {
  const differs = row.differs === null ? "" : row.differs === 0 ? "，账实相符" : `，${row.differs} 行不符`;
  return `已点 ${row.counted} 行${differs}`;
}
