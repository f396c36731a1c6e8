import { describe, expect, it } from "vitest";
import type { LevelAdvice, ObjectDto } from "@/generated/door";
import { EMPTY, isLate, lacks as lacksAt, levelOf, levelReason, registerArgs } from "./registerForm";

const object: ObjectDto = {
  no: "5.2",
  name: "公安JCZCK系统",
  division: "E总队",
  system_class: "core",
  period: "7×24",
  warning: null,
  initials: "",
};
const advice = (level: string | null): LevelAdvice => ({
  level,
  fits: level ? [level] : [],
  why: "",
  clocks: [],
  matched: [],
  questions: [],
  outcome: level ? "level" : "gap",
  clauses: [],
});
const NOW = Date.parse("2025-10-15T14:00:00+08:00");
const lacks = (...[values, advice, object]: [typeof EMPTY, LevelAdvice | null, ObjectDto | null]) =>
  lacksAt(values, advice, object, NOW);
const filled = { ...EMPTY, title: "打不开", object: "5.2" };

describe("register form", () => {
  it("asks for what is missing", () => {
    expect(Object.keys(lacks(EMPTY, null, null))).toEqual(["object", "title"]);
    expect(lacks(filled, advice("3"), object)).toEqual({});
    expect(lacks(filled, advice(null), { ...object, division: "" })).toHaveProperty("division");
    expect(lacks(filled, advice("3"), { ...object, warning: "服务期已满" })).toHaveProperty("reason");
    expect(lacks({ ...filled, reported_at: undefined }, advice("3"), object)).toHaveProperty("reported_at");
  });

  it("wants a reason for another level than the contract's", () => {
    expect(lacks({ ...filled, level: "2" }, advice("3"), object)).toHaveProperty("level_reason");
    expect(lacks({ ...filled, level: "2", level_reason: "领导要求" }, advice("3"), object)).toEqual({});
    expect(lacks({ ...filled, level: "2" }, advice(null), object)).toHaveProperty("level_reason");
    expect(levelReason(filled, advice("3"))).toBe("none");
    const wordless = { ...advice(null), outcome: "no_levels" };
    expect(levelReason({ ...filled, level: "2" }, wordless)).toBe("welcome");
    expect(lacks({ ...filled, level: "2" }, wordless, object)).toEqual({});
    expect(levelOf(filled, advice("3"))).toBe("3");
  });

  it("wants a reason for what is written down late", () => {
    const at = (reported_at: string, kind = "incident") => ({ ...filled, kind, reported_at });
    expect(isLate(at("2025-10-15T13:30:00+08:00"), NOW)).toBe(false);
    expect(isLate(at("2025-10-15T13:29:00+08:00"), NOW)).toBe(true);
    expect(isLate(at("2025-10-15T08:00:00+08:00", "work_record"), NOW)).toBe(false);
    expect(isLate(at("2025-10-14T23:00:00+08:00", "work_record"), NOW)).toBe(true);
    expect(lacks(at("2025-10-15T13:00:00+08:00"), advice("3"), object)).toHaveProperty("reason");
    expect(lacks({ ...at("2025-10-15T13:00:00+08:00"), reason: "外出" }, advice("3"), object)).toEqual({});
  });

  it("sends the colleague instead of somebody to dispatch to", () => {
    const values = {
      ...filled,
      on_behalf: "u9",
      dispatch_to: "u1",
      way: "visit",
      entry_permit: "RC-1",
      escort: "值班员",
    };
    expect(registerArgs(values, advice("3"), object, "k")).toMatchObject({
      on_behalf: "u9",
      dispatch_to: null,
      remote: { way: "visit", entry_permit: "RC-1", escort: "值班员", person_days: null },
    });
    expect(lacks({ ...filled, on_behalf: "u9", way: "visit" }, advice("3"), object)).toHaveProperty(
      "entry_permit",
    );
  });

  it("has no level for a work record", () =>
    expect(levelOf({ ...filled, kind: "work_record" }, advice("3"))).toBeNull());

  it("sends nothing for an unnamed reporter", () => {
    expect(registerArgs(filled, advice("3"), object, "k")).toMatchObject({
      division: "E总队",
      level: "3",
      reporter: null,
      level_reason: null,
    });
  });
});
