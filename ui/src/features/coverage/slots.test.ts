import { describe, expect, it } from "vitest";
import type { CoverageSlot } from "@/generated/door";
import { dueNow, slotTable, standing } from "./slots";

const slot = (kind: string, date: string, time: string, more: Partial<CoverageSlot> = {}): CoverageSlot => ({
  kind,
  slot: kind === "check" ? "1" : `${date} ${time}`,
  title: `${kind} ${time}`,
  date,
  due_at: `${date}T${time}:00+08:00`,
  overdue: false,
  fine: null,
  text: "",
  by: "",
  at: null,
  ...more,
});

describe("what is due under a plan", () => {
  const slots = [
    slot("check", "2025-09-28", "18:00"),
    slot("patrol", "2025-10-01", "09:00", { fine: true }),
    slot("report", "2025-10-01", "16:00"),
    slot("patrol", "2025-10-02", "09:00"),
    slot("report", "2025-10-02", "16:00"),
  ];

  it("stands in a table of days and times", () => {
    const table = slotTable(slots);
    expect(table.times.map((each) => each.time)).toEqual(["09:00", "16:00"]);
    expect(table.days.map((day) => day.slots.map((each) => each?.slot))).toEqual([
      ["2025-10-01 09:00", "2025-10-01 16:00"],
      ["2025-10-02 09:00", "2025-10-02 16:00"],
    ]);
  });

  it("is a check until it is done, and what belongs to today", () => {
    expect(dueNow(slots, "2025-10-01").map((each) => each.slot)).toEqual(["1", "2025-10-01 16:00"]);
    expect(dueNow(slots, "2025-09-27")).toEqual([]);
  });

  it.each([
    [slot("report", "2025-10-01", "16:00", { fine: true }), "零报告"],
    [slot("patrol", "2025-10-01", "09:00", { fine: false }), "有情况"],
    [slot("patrol", "2025-10-01", "09:00", { overdue: true }), "已过时"],
    [slot("patrol", "2025-09-30", "09:00", { overdue: true }), "未做"],
    [slot("patrol", "2025-09-30", "09:00"), "未做"],
    [slot("check", "2025-09-28", "18:00", { overdue: true }), "已过时"],
    [slot("patrol", "2025-10-01", "21:00"), "待做"],
    [slot("patrol", "2025-10-02", "21:00"), "未到"],
  ])("is named", (one, word) => expect(standing(one, "2025-10-01").word).toBe(word));
});
