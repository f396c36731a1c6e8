import type { AttendanceMonth } from "@/generated/door";

/** The span a project manager most likely wants to close: the first open day to yesterday; null where all is closed. */
export function openSpan(
  month: Pick<AttendanceMonth, "days">,
  today: string,
): { from: string; to: string } | null {
  const open = month.days.filter((day) => !day.closed && day.date < today);
  const first = open[0];
  const last = open[open.length - 1];
  return first && last ? { from: first.date, to: last.date } : null;
}

/** How a month stands: `已关账 12 天，其中 1 天关账后有变化`. */
export function closedText(month: Pick<AttendanceMonth, "days">): string {
  const closed = month.days.filter((day) => day.closed);
  const changed = closed.filter((day) => day.changed > 0).length;
  if (closed.length === 0) return "本月还没有关账。";
  return `已关账 ${closed.length} 天${changed ? `，其中 ${changed} 天关账后数据有变化` : ""}。`;
}
