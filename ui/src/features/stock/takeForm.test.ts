import { expect, it } from "vitest";
import type { CountRow } from "@/generated/door";
import { countOne, countSerial, countTyped, mineAt } from "./takeForm";
import { part } from "./testParts";

const row = (given: Partial<CountRow> = {}): CountRow => ({
  part: "part/1",
  part_name: "硬盘",
  unit: "块",
  place: "a",
  place_name: "主库",
  serial: "",
  batch: "",
  owner: "buyer",
  quantity: 1,
  book: null,
  by: "驻场02",
  at: "2025-11-24T10:00:00+08:00",
  pending: false,
  mine: false,
  ...given,
});

it("tells a serial number that was counted here, and counts it no second time", () => {
  const lines = [row({ serial: "A1" })];
  expect(countSerial(lines, "part/1", "a", "A2")).toMatchObject({
    line: { serial: "A2", quantity: 1 },
    note: null,
  });
  expect(countSerial(lines, "part/1", "a", "A1")).toEqual({ line: null, note: "A1 已由驻场02在这里点过" });
  const mine = countSerial([row({ serial: "A1", mine: true })], "part/1", "a", "A1");
  expect(mine.note).toBe("A1 已由您在这里点过");
});

it("counts a serial number found at another place, and tells where it was counted before", () => {
  const found = countSerial([row({ serial: "A1" })], "part/1", "b", "A1");
  expect(found.line).toMatchObject({ place: "b", quantity: 1 });
  expect(found.note).toContain("主库");
  expect(countSerial([row({ serial: "A1", quantity: 0 })], "part/1", "a", "A1").line).not.toBeNull();
});

it("counts a model without serial numbers up from one's own count", () => {
  const lines = [
    row({ quantity: 7 }),
    row({ quantity: 3, mine: true }),
    row({ place: "b", quantity: 9, mine: true }),
  ];
  expect(mineAt(lines, "part/1", "a")).toBe(3);
  expect(countOne(lines, "part/1", "a").line?.quantity).toBe(4);
  expect(countOne([], "part/1", "a").line?.quantity).toBe(1);
});

it("takes a typed quantity as it stands, zero too", () => {
  const typed = (text: string) => countTyped([row({ quantity: 3, mine: true })], part(), "a", text);
  expect(typed("12").line?.quantity).toBe(12);
  expect(typed("0").line?.quantity).toBe(0);
  expect(typed("").note).toContain("没有就写 0");
  expect(countTyped([], part({ tracking: "serial" }), "a", " X9 ").line?.serial).toBe("X9");
});
