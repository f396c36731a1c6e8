import { describe, expect, it } from "vitest";
import { monthsOf, periodOf } from "./ledger";

describe("periods of the ledger", () => {
  it.each([
    ["year", 0, "2025-01-01", "2025-12-31", "2025 年"],
    ["year", -1, "2024-01-01", "2024-12-31", "2024 年"],
    ["quarter", 0, "2025-10-01", "2025-12-31", "2025 年第 4 季度"],
    ["quarter", 1, "2026-01-01", "2026-03-31", "2026 年第 1 季度"],
    ["month", -8, "2025-02-01", "2025-02-28", "2025年2月"],
  ] as const)("%s %i", (span, shift, from, to, name) =>
    expect(periodOf(span, "2025-10-15", shift)).toEqual({ from, to, name }),
  );

  it("keeps days by month", () => {
    const day = (date: string) => ({ date, holiday: null, planned: 0, proven: 0, state: "empty" });
    const months = monthsOf([day("2025-09-30"), day("2025-10-01"), day("2025-10-02")]);
    expect(months.map((month) => [month.name, month.days.length])).toEqual([
      ["2025-09", 1],
      ["2025-10", 2],
    ]);
  });
});
