import { describe, expect, it } from "vitest";
import type { RecordForm, RecordRow } from "@/generated/door";
import {
  againOf,
  divisionOf,
  draftOf,
  emptyRow,
  fromTemplate,
  isBlank,
  isTable,
  lacks,
  lineOf,
  minutesOf,
  pastedRows,
  templateOf,
} from "./recordForm";

const NOW = Date.parse("2025-10-15T14:00:00+08:00");
const object = (no: string, name: string, initials: string, warning: string | null = null) => ({
  no,
  name,
  initials,
  division: "E总队",
  system_class: null,
  period: "",
  warning,
});
const category = (name: string, initials: string, needs: object = {}) => ({
  name,
  initials,
  source: "001:1123",
  authorised: false,
  inspected: false,
  confirmed: false,
  ...needs,
});
const FORM: RecordForm = {
  divisions: ["E总队", "C总队"],
  objects: [object("5.1", "应用平台门户", "yyptmh"), object("5.2", "JCZCK系统", "jczckxt", "不在服务期内")],
  categories: [
    category("日常维护", "rcwh"),
    category("设备与系统巡检", "sbyxtxj", { inspected: true }),
    category("数据服务", "sjfw", { authorised: true }),
    category("远程服务", "ycfw", { confirmed: true }),
  ],
  colleagues: [],
  caretakers: [],
  templates: [],
  may_add: true,
  reminder: "",
};
const filled = { object: "5.1", category: "日常维护", title: "日志备份", minutes: "20" };

describe("minutesOf", () => {
  it.each([
    ["20", 20],
    ["20分钟", 20],
    ["20 分", 20],
    ["1小时", 60],
    ["1.5h", 90],
    ["1：30", 90],
    ["", null],
    ["半小时", null],
    ["1:75", null],
    ["-5", null],
  ])("%s", (typed, expected) => expect(minutesOf(typed)).toBe(expected));
});

describe("pastedRows", () => {
  it("reads a table with a head, by number, name and initials", () => {
    const rows = pastedRows(
      "时间\t对象\t类别\t内容\t结果\t用时\t确认人\t其他\r\n8:30\t5.1\trcwh\t日志备份\t成功\t20分钟\t科信处\t\r\n9:00\t5.1 应用平台门户\t巡检\t晨检\t正常\t15\t\t异常\n\t门户\t数据服务\t导出\t\t40\t\tSQ-7\n",
      FORM,
    );
    expect(
      rows.map(({ time, object, category, title, minutes }) => [time, object, category, title, minutes]),
    ).toEqual([
      ["8:30", "5.1", "日常维护", "日志备份", "20分钟"],
      ["9:00", "5.1", "设备与系统巡检", "晨检", "15"],
      ["", "5.1", "数据服务", "导出", "40"],
    ]);
    expect(rows.map((row) => [row.inspection, row.authorisation])).toEqual([
      ["", ""],
      ["abnormal", ""],
      ["", "SQ-7"],
    ]);
    expect(rows.every((row) => row.ticked && Object.keys(lacks(row, FORM, NOW)).length === 0)).toBe(true);
  });
  it("keeps what it cannot read, so that it is seen", () => {
    const [row] = pastedRows("早上\t99.9\t唱歌\t\t\t很久", FORM);
    expect(Object.keys(lacks(row as never, FORM, NOW)).sort()).toEqual([
      "at",
      "category",
      "minutes",
      "object",
      "title",
    ]);
  });
  it("takes short lines and skips empty ones", () => {
    expect(pastedRows("\n\n8:30\t5.1\n", FORM)).toHaveLength(1);
    expect(isTable("日志备份")).toBe(false);
  });
});

describe("lacks", () => {
  const row = (more: object = {}) => ({ ...emptyRow(), ...filled, ...more });
  it.each([
    [{}, []],
    [{ time: "13:59" }, []],
    [{ time: "昨天 17:00" }, ["reason"]],
    [{ time: "昨天 17:00", reason: "外出" }, []],
    [{ time: "今天 18:00" }, ["at"]],
    [{ object: "5.2" }, ["reason"]],
    [{ object: "" }, ["object"]],
    [{ object: "", division: "C总队" }, []],
    [{ category: "数据服务" }, ["authorisation"]],
    [{ category: "设备与系统巡检" }, ["inspection"]],
    [{ category: "远程服务" }, ["confirmed_by"]],
    [{ on_behalf: "u2" }, ["confirmed_by"]],
    [{ on_behalf: "u2", confirmed_by: "科信处", way: "visit" }, ["entry_permit", "escort"]],
    [{ on_behalf: "u2", confirmed_by: "科信处", person_days: "半天" }, ["person_days"]],
    [{ minutes: "1441" }, ["minutes"]],
  ])("%j", (more, expected) => expect(Object.keys(lacks(row(more), FORM, NOW))).toEqual(expected));
});

describe("lineOf", () => {
  it("sends what the category asks for and nothing else", () => {
    const typed = { ...emptyRow(), ...filled, authorisation: "SQ-7", inspection: "normal", reason: "x" };
    const line = lineOf(typed, FORM, NOW);
    expect(line).toMatchObject({
      at: null,
      minutes: 20,
      authorisation: null,
      inspection: null,
      reason: null,
      remote: null,
    });
    expect(lineOf({ ...typed, category: "数据服务", time: "8:30" }, FORM, NOW)).toMatchObject({
      at: "2025-10-15T08:30:00+08:00",
      authorisation: "SQ-7",
    });
  });
  it("finds the division by the object, the choice, or the only one", () => {
    expect(divisionOf({ ...emptyRow(), object: "5.1", division: "C总队" }, FORM)).toBe("E总队");
    expect(divisionOf({ ...emptyRow(), division: "C总队" }, FORM)).toBe("C总队");
    expect(divisionOf(emptyRow(), { ...FORM, divisions: ["E总队"] })).toBe("E总队");
  });
});

describe("drafts", () => {
  const yesterday: RecordRow = {
    id: "order/1",
    number: "E-1",
    at: "2025-10-14T08:30:00+08:00",
    object_no: "5.1",
    object: "5.1 应用平台门户",
    division: "E总队",
    title: "晨检",
    record: {
      category: "设备与系统巡检",
      minutes: 15,
      result: "指示灯正常",
      confirmed_by: "科信处",
      authorisation: "SQ-1",
      inspection: "abnormal",
      on_behalf: null,
      remote: null,
    },
    by: "甲",
    mine: true,
    late: false,
    voided: false,
    open: false,
    pending: 0,
  };
  it("copies the work of yesterday, not who confirmed it or what was found", () => {
    const draft = draftOf(yesterday, NOW);
    expect(draft).toMatchObject({ ticked: false, time: "08:30", title: "晨检", minutes: "15" });
    expect([draft.confirmed_by, draft.authorisation, draft.inspection]).toEqual(["", "", ""]);
    const early = Date.parse("2025-10-15T07:00:00+08:00");
    expect(draftOf(yesterday, early).time).toBe("");
  });
  it("brings back all of what was taken back", () => {
    const again = againOf(yesterday, NOW);
    expect(again).toMatchObject({
      ticked: true,
      time: "2025-10-14 08:30",
      confirmed_by: "科信处",
      inspection: "abnormal",
    });
  });
  it("keeps a line as a template and fills one from it", () => {
    const template = templateOf({ ...emptyRow(), ...filled, confirmed_by: "科信处" }, " 备份 ");
    expect(template).toMatchObject({ name: "备份", minutes: 20, inspection: null });
    const row = fromTemplate({ ...emptyRow(), time: "9:00", confirmed_by: "值班室" }, template);
    expect(row).toMatchObject({ ...filled, time: "9:00", confirmed_by: "值班室" });
    expect(isBlank(row)).toBe(false);
    expect(isBlank(emptyRow(row))).toBe(true);
    expect(emptyRow(row).object).toBe("5.1");
  });
});
