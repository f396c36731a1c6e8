import { describe, expect, it } from "vitest";
import type { LevelAdvice, ObjectDto } from "@/generated/door";
import { EMPTY, lacks, levelOf, levelReason, registerArgs } from "./registerForm";

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
