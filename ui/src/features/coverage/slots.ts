/** What is due under a plan as screens lay it out. */

import type { CoverageSlot } from "@/generated/door";

/** Days × times of patrols and reports, in the plan's order. */
export interface SlotTable {
  times: { kind: string; time: string; name: string }[];
  days: { date: string; slots: (CoverageSlot | null)[] }[];
}

const timeOf = (slot: CoverageSlot) => slot.slot.slice(11);

export function slotTable(slots: CoverageSlot[]): SlotTable {
  const timed = slots.filter((slot) => slot.kind !== "check");
  const names = new Map(
    timed.map((slot) => [
      `${timeOf(slot)} ${slot.kind}`,
      { kind: slot.kind, time: timeOf(slot), name: slot.title },
    ]),
  );
  const times = [...names.entries()].sort(([a], [b]) => a.localeCompare(b)).map(([, time]) => time);
  const dates = [...new Set(timed.map((slot) => slot.date))].sort();
  const at = (date: string, kind: string, time: string) =>
    timed.find((slot) => slot.date === date && slot.kind === kind && timeOf(slot) === time) ?? null;
  return {
    times,
    days: dates.map((date) => ({ date, slots: times.map(({ kind, time }) => at(date, kind, time)) })),
  };
}

/** What a person can do now: checks whose day has come, patrols and reports of today, none done yet. */
export function dueNow(slots: CoverageSlot[], today: string): CoverageSlot[] {
  return slots.filter(
    (slot) => slot.fine === null && (slot.kind === "check" ? slot.date <= today : slot.date === today),
  );
}

/** What says that nothing is amiss. */
export const fineWord = (kind: string) => (kind === "report" ? "零报告" : "正常");

/** How a slot stands, in a word and a tone. */
export function standing(
  slot: CoverageSlot,
  today: string,
): { word: string; tone: "ok" | "soon" | "late" | "wait" } {
  if (slot.fine === true) return { word: fineWord(slot.kind), tone: "ok" };
  if (slot.fine === false) return { word: "有情况", tone: "soon" };
  if (slot.date < today && !(slot.kind === "check" && slot.overdue))
    return { word: "未做", tone: slot.overdue ? "late" : "wait" };
  if (slot.overdue) return { word: "已过时", tone: "late" };
  return { word: slot.date <= today ? "待做" : "未到", tone: "wait" };
}
