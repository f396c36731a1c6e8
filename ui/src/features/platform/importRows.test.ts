import { expect, it } from "vitest";
import type { ImportPreview, ImportRow } from "@/generated/door";
import { fresh, remarks, summary } from "./importRows";

const row = (number: number, action: string, more: Partial<ImportRow> = {}): ImportRow => ({
  row: number,
  action,
  external_no: `IT-${number}`,
  title: "打不开",
  division: "E总队",
  order_id: null,
  order_number: null,
  differences: [],
  mistakes: [],
  ...more,
});
const preview: ImportPreview = {
  rows: [row(2, "new"), row(3, "bad"), row(5, "new")],
  mistakes: [],
  ignored: [],
  fresh: 2,
  differing: 0,
  same: 0,
  bad: 1,
};

it("offers what can be registered and nothing else", () => {
  expect(fresh(preview)).toEqual([2, 5]);
  expect(fresh(null)).toEqual([]);
  expect(summary(preview)).toBe("2 行可登记，1 行有误");
  expect(summary({ ...preview, fresh: 0, bad: 0 })).toBe("没有可读的行");
});

it("names the column of a mistake and both sides of a difference", () => {
  expect(remarks(row(3, "bad", { mistakes: [{ column: "标题", message: "没有标题，请补上。" }] }))).toEqual([
    "标题：没有标题，请补上。",
  ]);
  expect(remarks(row(4, "differs", { differences: [{ field: "级别", ours: "", theirs: "2级" }] }))).toEqual([
    "级别：本机“空”，平台“2级”",
  ]);
});
