import { expect, it } from "vitest";
import type { PartDetail, SerialDto } from "@/generated/door";
import { type Label, laid, moduleMm, partLabels, placeLabels, sheetAt } from "./labels";
import { part, place } from "./testParts";

const label: Label = { code: "A1", title: "硬盘", lines: [], plain: "A1" };
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...label, code: `A${index}` }));
const code = (modules: number) => ({ path: "", width: modules * 2, height: 20, modules });

it("fills sheets, beginning where the first is still whole", () => {
  const pages = laid(many(22), sheetAt("a4"), 4);
  expect(pages.map((page) => page.length)).toEqual([21, 5]);
  expect(pages[0]?.slice(0, 5).map((each) => each?.code ?? null)).toEqual([null, null, null, null, "A0"]);
  expect(laid([], sheetAt("a4"), 4)).toEqual([]);
});

it("prints one label after the other on a roll", () => {
  expect(laid(many(3), sheetAt("r40"), 9)).toHaveLength(3);
});

it("draws bars only where a scanner can read them", () => {
  expect(moduleMm(code(101), sheetAt("r60"))).toBe(0.35);
  expect(moduleMm(code(255), sheetAt("r60"))).toBeCloseTo(0.204, 3);
  expect(moduleMm(code(255), sheetAt("r40"))).toBeNull();
  expect(moduleMm(code(101), sheetAt("r40"))).toBeCloseTo(0.298, 3);
});

it("labels every serial number, or copies of a model", () => {
  const serials = ["A1", "A2"].map((serial) => ({ serial }) as SerialDto);
  const detail = (tracking: string) => ({ row: part({ tracking }), serials }) as PartDetail;
  expect(partLabels(detail("serial"), 5, "主库").map((each) => each.plain)).toEqual(["A1", "A2"]);
  const copies = partLabels(detail("plain"), 3, "主库");
  expect(copies.map((each) => each.code)).toEqual(["part/1", "part/1", "part/1"]);
  expect(copies[0]?.plain).toBe("");
  expect(placeLabels([place("a"), place("b", "store", { closed: true })], "库")).toHaveLength(1);
});
