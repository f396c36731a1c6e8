import { describe, expect, it } from "vitest";
import type { SettingField } from "@/generated/door";
import {
  entriesOf,
  parseDate,
  parseEntry,
  parseMonthDay,
  parsePercents,
  parseRow,
  parseWindows,
  valueAt,
  valueText,
  withValue,
} from "./entry";

const field = (key: string, kind: string, required = false): SettingField => ({
  key,
  label: key,
  kind,
  required,
  help: null,
  choices: null,
});
const value = (parsed: ReturnType<typeof parseDate>) => ("value" in parsed ? parsed.value : parsed.error);

describe("dates", () => {
  it.each([
    ["2025-11-24", "2025-11-24"],
    ["20251124", "2025-11-24"],
    ["2025年3月1日", "2025-03-01"],
    ["2025/3/1", "2025-03-01"],
    ["2025-02-29", "没有这一天"],
    ["2025-01-00", "没有这一天"],
    ["2025-13-01", "没有这一天"],
    ["11-24", "请写成 2025-11-24 这样的日期"],
  ])("%s is %s", (typed, expected) => expect(value(parseDate(typed))).toBe(expected));

  it.each([
    ["5-1", "05-01"],
    ["5月1日", "05-01"],
    ["02-29", "02-29"],
    ["02-30", "没有这一天"],
    ["0501", "请写成 05-01 这样的月和日"],
  ])("%s is the day %s", (typed, expected) => expect(value(parseMonthDay(typed))).toBe(expected));
});

describe("windows", () => {
  it.each([
    ["08:00-12:00 14:30-18:30", "08:00-12:00,14:30-18:30"],
    ["14:30～18:30，8:00至12:00", "08:00-12:00,14:30-18:30"],
    ["0900-1700", "09:00-17:00"],
    ["00:00-24:00", "00:00-24:00"],
    ["08：00 - 12：00", "08:00-12:00"],
  ])("%s", (typed, expected) => expect(String(value(parseWindows(typed)))).toBe(expected));

  it("say what is wrong", () => {
    expect(value(parseWindows("22:00-08:00"))).toContain("22:00-24:00 和 00:00-08:00");
    expect(value(parseWindows("08:00-12:00 11:00-13:00"))).toContain("重叠");
    expect(value(parseWindows("上午"))).toContain("看不懂“上午”");
    expect(value(parseWindows("08:00-25:00"))).toContain("不是一天之内");
    expect(value(parseWindows("08:75-12:00"))).toContain("不是一天之内");
  });

  it("read back how long they are", () =>
    expect(parseWindows("08:00-12:00 14:30-18:00")).toHaveProperty("reading", "2 段，每天 7时30分"));
});

describe("lists of dates", () => {
  it("puts them in order, each once", () => {
    expect(parseEntry(field("dates", "dates"), "2025-10-03、20251001 2025-10-03")).toEqual({
      value: ["2025-10-01", "2025-10-03"],
      reading: "2 天",
    });
  });
  it("names the one that is none", () => {
    const parsed = parseEntry(field("dates", "dates"), "2025-10-01 2025-02-30");
    expect(parsed).toEqual({ error: "“2025-02-30”：没有这一天" });
  });
});

describe("percents and numbers", () => {
  it("are kept in order, once each", () => expect(value(parsePercents("80％ 50,80"))).toEqual([50, 80]));
  it("refuse what is out of range", () => {
    expect(value(parsePercents("0"))).toContain("1 到 99");
    expect(value(parsePercents("100"))).toContain("1 到 99");
    expect(value(parseEntry(field("n", "number"), "3.5"))).toContain("整数");
  });
});

describe("rows", () => {
  const fields = [field("name", "text", true), field("windows", "windows"), field("basis.who", "text")];

  it("keep what the form does not know", () => {
    const { row, errors } = parseRow(fields, { name: " 机房 ", "basis.who": "科信办" }, { extra: 1 });
    expect(errors).toEqual({});
    expect(row).toEqual({ extra: 1, name: "机房", basis: { who: "科信办" } });
  });

  it("name the field that is missing or wrong", () =>
    expect(parseRow(fields, { name: "", windows: "x" }, {}).errors).toEqual({
      name: "请填写“name”",
      windows: "看不懂“x”，请写成 08:00-12:00",
    }));

  it("want the whole of a basis or none of it", () => {
    const basis = ["basis.effective", "basis.who", "basis.paper"].map((key) => field(key, "text"));
    expect(parseRow(basis, {}, {}).errors).toEqual({});
    expect(Object.keys(parseRow(basis, { "basis.who": "科信办" }, {}).errors)).toEqual([
      "basis.effective",
      "basis.paper",
    ]);
  });

  it("write a dotted key where the row has it, nested or flat", () => {
    expect(withValue({ "basis.who": "甲" }, "basis.who", "乙")).toEqual({ "basis.who": "乙" });
    expect(withValue({ basis: { who: "甲", paper: "函" } }, "basis.who", null)).toEqual({
      basis: { paper: "函" },
    });
    expect(withValue({ basis: { who: "甲" } }, "basis.who", null)).toEqual({});
    expect(valueAt({ basis: { who: "甲" } }, "basis.who")).toBe("甲");
    expect(valueAt({ "basis.who": "甲" }, "basis.who")).toBe("甲");
  });

  it("come back as they went in", () => {
    const row = { name: "机房", windows: ["08:00-12:00"], basis: { who: "科信办" } };
    expect(parseRow(fields, entriesOf(fields, row), row).row).toEqual(row);
    const choices = [field("posts", "choices")];
    const chosen = { posts: ["P02", "P05"] };
    expect(parseRow(choices, entriesOf(choices, chosen), {}).row).toEqual(chosen);
  });

  it("are read by the labels of their choices", () => {
    const choice = { ...field("c", "choices"), choices: [{ value: "a", label: "甲" }] };
    expect(valueText(choice, ["a", "b"])).toBe("甲、b");
    expect(valueText(field("p", "percents"), [50, 80])).toBe("50%、80%");
    expect(valueText(choice, [])).toBe("");
  });
});
