import { expect, it } from "vitest";
import { columnWidths, emptyRows } from "./paper";

it("gives columns room by what stands in them", () => {
  const widths = columnWidths(["序号", "规格型号", "数量"], [["1", "ST4000NM000A 4TB 企业级", "2"]]);
  expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(100, 0);
  expect(widths[1]).toBeGreaterThan((widths[0] ?? 0) * 2);
});

it("lets one long remark not swallow the page", () => {
  const rows = [...Array.from({ length: 9 }, () => ["1", ""]), ["1", "很".repeat(80)]];
  const [first = 0, second = 0] = columnWidths(["序号", "备注"], rows);
  expect(second).toBeLessThan(first * 2);
});

it("leaves lines for the pen under few rows", () => {
  expect([emptyRows(0), emptyRows(4), emptyRows(9)]).toEqual([6, 2, 0]);
});
