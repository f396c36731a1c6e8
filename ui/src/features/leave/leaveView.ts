/** Pure logic of the 请假 page: what waits for me, the strip of a month, words of stages. */

import type { DayDto, LeaveMay, LeaveRow } from "@/generated/door";

export type Tone = "ok" | "soon" | "late" | "wait" | "accent" | "quiet";

export const STAGE_TONES: Record<string, Tone> = {
  asked: "soon",
  approved: "ok",
  refused: "late",
  withdrawn: "quiet",
};

/** Whether a leave waits for a word of the one who looks. */
export function waitsForMe(row: LeaveRow): boolean {
  return row.may.decide || row.may.answer !== null;
}

/** Parts of the list: what waits for me, my own, everybody else's. */
export function parts(rows: LeaveRow[]): { waiting: LeaveRow[]; mine: LeaveRow[]; others: LeaveRow[] } {
  const waiting = rows.filter(waitsForMe);
  const rest = rows.filter((row) => !waitsForMe(row));
  return { waiting, mine: rest.filter((row) => row.mine), others: rest.filter((row) => !row.mine) };
}

export interface StripRow {
  person: string;
  name: string;
  division: string;
  mine: boolean;
  /** Per day of the month: what he is away for, or null. */
  cells: (LeaveRow | null)[];
}

/** People × days: everybody who is away or asked to be, by name. */
export function stripRows(rows: LeaveRow[], days: DayDto[]): StripRow[] {
  const live = rows.filter((row) => row.stage === "asked" || row.stage === "approved");
  const [first, last] = [days[0]?.date ?? "~", days[days.length - 1]?.date ?? ""];
  const within = live.filter((row) => row.from <= last && row.to >= first);
  const people = new Map<string, StripRow>();
  for (const row of within) {
    const line = people.get(row.person) ?? {
      person: row.person,
      name: row.name,
      division: row.division,
      mine: row.mine,
      cells: days.map(() => null),
    };
    days.forEach((day, index) => {
      if (row.from <= day.date && day.date <= row.to) line.cells[index] = row;
    });
    people.set(row.person, line);
  }
  return [...people.values()].sort(
    (a, b) => Number(b.mine) - Number(a.mine) || a.name.localeCompare(b.name, "zh"),
  );
}

/** `3 天`, with workdays where they are fewer. */
export function daysText(days: number, workdays: number | null): string {
  if (workdays === null) return `${days} 天（该年放假安排未公布，工作日无法计算）`;
  return workdays === days ? `${days} 天` : `${days} 天，其中工作日 ${workdays} 天`;
}

/** What the next word would be called. */
export function answerWord(may: LeaveMay): string {
  if (may.answer === "substitute") return "同意替班";
  if (may.answer === "manager") return "同意由其替班";
  return may.records_buyer ? "代记采购人同意" : "采购人同意";
}

/** Whether a day is off. */
export function isOff(day: DayDto): boolean {
  return ["weekend", "statutory", "substitute", "bridge"].includes(day.kind);
}
