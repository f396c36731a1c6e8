import { describe, expect, it } from "vitest";
import type { DayDto, LeaveRow } from "@/generated/door";
import { answerWord, daysText, parts, stripRows } from "./leaveView";

const NOTHING = { withdraw: false, decide: false, substitute: false, answer: null, records_buyer: false };
const row = (more: Partial<LeaveRow>): LeaveRow =>
  ({
    id: "leave/1",
    person: "u1",
    name: "甲",
    division: "E总队",
    from: "2025-10-20",
    to: "2025-10-21",
    stage: "approved",
    mine: false,
    may: NOTHING,
    ...more,
  }) as LeaveRow;
const days = ["2025-10-19", "2025-10-20", "2025-10-21"].map(
  (date) => ({ date, kind: "workday", holiday: null }) as DayDto,
);

describe("the page of leave", () => {
  it("puts first what waits for me, once", () => {
    const waiting = row({ id: "leave/2", mine: true, may: { ...NOTHING, answer: "substitute" } });
    const found = parts([row({ mine: true }), waiting, row({ id: "leave/3" })]);
    expect([found.waiting, found.mine, found.others].map((each) => each.length)).toEqual([1, 1, 1]);
  });
  it("draws a line for each person who is away in the month", () => {
    const later = row({ id: "leave/4", from: "2025-11-01", to: "2025-11-02", person: "u2" });
    const gone = row({ id: "leave/5", stage: "withdrawn", person: "u3" });
    const second = row({ id: "leave/6", from: "2025-10-19", to: "2025-10-19", stage: "asked" });
    const lines = stripRows([row({}), later, gone, second], days);
    expect(lines.map((line) => line.cells.map((cell) => cell?.id ?? null))).toEqual([
      ["leave/6", "leave/1", "leave/1"],
    ]);
  });
  it("says days and words", () => {
    expect(daysText(2, 2)).toBe("2 天");
    expect(daysText(4, 2)).toBe("4 天，其中工作日 2 天");
    expect(daysText(2, null)).toContain("未公布");
    expect(answerWord({ ...NOTHING, answer: "buyer", records_buyer: true })).toBe("代记采购人同意");
  });
});
