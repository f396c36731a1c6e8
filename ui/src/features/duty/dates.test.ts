import { describe, expect, it } from "vitest";
import { addDays, addMonths, dayWord, readDate, spanWord } from "./dates";

describe("dates as people type them", () => {
  const today = "2025-10-15";
  it.each([
    ["2025-10-20", "2025-10-20"],
    ["20251020", "2025-10-20"],
    ["2025.10.2", "2025-10-02"],
    ["2025年10月2日", "2025-10-02"],
    ["10-20", "2025-10-20"],
    ["1020", "2025-10-20"],
    ["20", "2025-10-20"],
    ["今天", "2025-10-15"],
    ["明天", "2025-10-16"],
    ["+20", "2025-11-04"],
    ["2025-02-29", null],
    ["31-12", null],
    ["32", null],
    ["", null],
    ["soon", null],
  ])("reads %s", (typed, expected) => {
    expect(readDate(typed, today)).toBe(expected);
  });
  it("walks over days and months", () => {
    expect(addDays("2024-02-28", 2)).toBe("2024-03-01");
    expect([addMonths("2025-12", 1), addMonths("2025-01", -1)]).toEqual(["2026-01", "2024-12"]);
    expect(dayWord("2025-10-20")).toBe("10-20 周一");
    expect(spanWord("2025-10-20", "2025-10-20")).toBe("10-20 周一");
    expect(spanWord("2025-10-20", "2025-10-22")).toBe("10-20 周一 至 10-22 周三");
  });
});
