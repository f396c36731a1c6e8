import { describe, expect, it } from "vitest";
import { formOf, readSpare, spareLine, times, typed } from "./planForm";

describe("a plan as it is typed", () => {
  it.each([
    ["9:00 2100", ["09:00", "21:00"]],
    ["09:00，16:00、21：30", ["09:00", "16:00", "21:30"]],
    ["", []],
    ["早上", ["早上"]],
  ])("reads times %s", (text, expected) => expect(times(text)).toEqual(expected));

  it.each([
    ["交换机电源 ×2，备件库", { name: "交换机电源", quantity: 2, place: "备件库" }],
    ["SFP-10G x 4", { name: "SFP-10G", quantity: 4, place: "" }],
    ["硬盘，二号柜，上层", { name: "硬盘", quantity: 1, place: "二号柜，上层" }],
  ])("reads the spare %s", (line, spare) => {
    expect(readSpare(line)).toEqual(spare);
    expect(readSpare(spareLine(spare))).toEqual(spare);
  });

  it("comes back as it was", () => {
    const form = {
      name: "国庆保障方案",
      occasion: "key_period",
      from: "2025-10-01",
      to: "2025-10-08",
      divisions: ["L总队"],
      lead: null,
      escalation: ["值班岗", "项目经理"],
      checks: [{ key: "1", what: "机房巡检", days_before: 3 }],
      spares: [{ name: "交换机电源", quantity: 2, place: "备件库" }],
      patrols: ["09:00", "21:00"],
      reports: ["16:00"],
      round_the_clock: true,
      freezes: [{ from: "2025-09-30T18:00:00+08:00", to: "2025-10-09T08:00:00+08:00", what: "核心系统" }],
      fallback: "启用备用链路",
      paper: "",
    };
    expect(formOf(typed(form))).toEqual(form);
  });
});
