import type { OvertimeRow } from "@/generated/door";

export const STAGE_TONES: Record<string, "ok" | "soon" | "late" | "wait"> = {
  asked: "soon",
  approved: "ok",
  refused: "late",
  withdrawn: "wait",
};

/** `10-14 周二 19:00—21:30`; the end names its day where that is another. */
export function spanWord(row: Pick<OvertimeRow, "from" | "to">, weekday: (date: string) => string): string {
  const [from, to] = [row.from.slice(0, 10), row.to.slice(0, 10)];
  const end = to === from ? row.to.slice(11, 16) : `${to.slice(5)} ${row.to.slice(11, 16)}`;
  return `${from.slice(5)} ${weekday(from)} ${row.from.slice(11, 16)}—${end}`;
}

/** What bears it out: the punches near it, or that there are none. */
export const proofText = (row: Pick<OvertimeRow, "punches">): string =>
  row.punches.length ? `期间打卡 ${row.punches.join("、")}` : "期间没有打卡";
