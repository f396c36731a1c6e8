import type { DayCount } from "@/generated/door";

/** The parts of a 日报, as they are written, shown and printed. */
export const PARTS = [
  { id: "solved", title: "一、当日已解决的问题", rows: { minRows: 3, maxRows: 9 } },
  { id: "unsolved", title: "二、超时或未完成的问题", rows: { minRows: 3, maxRows: 9 } },
  { id: "duty", title: "三、值班、巡检与交接", rows: { minRows: 2, maxRows: 6 } },
  { id: "next", title: "四、次日事项", rows: { minRows: 2, maxRows: 6 } },
] as const;

/** Counts worth a place: those that are not nothing. */
export function besides(counts: DayCount[]): DayCount[] {
  return counts.filter((each) => each.count > 0);
}

/** A key that stays the same for one drafted entry, so that taking it over twice has one effect. */
export function draftKey(date: string, key: string): string {
  return `${date}-${key}`.slice(0, 128);
}
