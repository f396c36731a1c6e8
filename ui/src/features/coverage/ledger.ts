/** The ledger as screens lay it out: periods, and days by month. */

import { addDays, addMonths, dayWord, monthName } from "@/features/duty/dates";
import type { CoverageLine, LedgerDayDto } from "@/generated/door";

export type Span = "year" | "quarter" | "month";
export const SPANS: { value: Span; label: string }[] = [
  { value: "year", label: "年" },
  { value: "quarter", label: "季" },
  { value: "month", label: "月" },
];
const MONTHS: Record<Span, number> = { year: 12, quarter: 3, month: 1 };

/** The year, quarter or month of a date, or one so many before or after. */
export function periodOf(
  span: Span,
  today: string,
  shift: number,
): { from: string; to: string; name: string } {
  const months = MONTHS[span];
  const [year = 0, month = 1] = today.split("-").map(Number);
  const first = `${year}-${String(Math.floor((month - 1) / months) * months + 1).padStart(2, "0")}`;
  const start = addMonths(first, shift * months);
  const to = addDays(`${addMonths(start, months)}-01`, -1);
  const quarter = Math.floor((Number(start.slice(5)) - 1) / 3) + 1;
  const names = {
    year: `${start.slice(0, 4)} 年`,
    quarter: `${start.slice(0, 4)} 年第 ${quarter} 季度`,
    month: monthName(start),
  };
  return { from: `${start}-01`, to, name: names[span] };
}

/** Days by month, for a drill-down. */
export function monthsOf(days: LedgerDayDto[]): { name: string; days: LedgerDayDto[] }[] {
  const found = new Map<string, LedgerDayDto[]>();
  for (const day of days) {
    const month = day.date.slice(0, 7);
    found.set(month, [...(found.get(month) ?? []), day]);
  }
  return [...found].map(([name, days]) => ({ name, days }));
}

/** A sign and a word for how a day stands: never colour alone. */
export const STATES: Record<string, { sign: string; word: string }> = {
  proven: { sign: "✓", word: "已证实" },
  planned: { sign: "○", word: "已排，待证实" },
  thin: { sign: "△", word: "人数不足" },
  empty: { sign: "×", word: "没有人" },
};

export function dayNote(day: LedgerDayDto): string {
  const parts = [
    dayWord(day.date),
    day.holiday,
    STATES[day.state]?.word,
    `已排 ${day.planned} 人，证实 ${day.proven} 人`,
  ];
  return parts.filter(Boolean).join(" · ");
}

export const lineTone = (line: CoverageLine) => (line.short_days ? "late" : "ok");
