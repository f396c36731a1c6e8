import { expect, it } from "vitest";
import type { ProblemDto, RosterActDto } from "@/generated/door";
import { grouped, replaceable } from "./problems";
import { nextAct, returnedWords, stepsOf } from "./stage";
import { testView } from "./testGround";

const act = (name: string, text = ""): RosterActDto => ({
  act: name,
  title: name,
  by: "演示甲",
  at: "2025-09-25T10:00:00+08:00",
  text,
  pending: false,
});
const may = testView().may;

it("shows how far the month is, and nothing of an earlier round", () => {
  const acts = [act("opened"), act("submitted"), act("returned", "10-03 缺备勤")];
  const states = (stage: "draft" | "submitted" | "published") =>
    stepsOf({ stage, acts }).map((step) => step.state[0]);
  expect(states("draft")).toEqual(["h", "a", "a", "a", "a"]);
  expect(states("submitted")).toEqual(["d", "d", "h", "a", "a"]);
  expect(states("published")).toEqual(["d", "d", "d", "d", "d"]);
  expect(stepsOf({ stage: "draft", acts })[1]?.act).toBeNull();
  expect(returnedWords({ stage: "draft", acts })?.text).toBe("10-03 缺备勤");
  expect(returnedWords({ stage: "draft", acts: [...acts, act("submitted")] })).toBeNull();
});

it("offers the one next act", () => {
  expect(nextAct({ may, version: 0 })).toBeNull();
  expect(nextAct({ may: { ...may, submit: true }, version: 0 })?.step).toBe("submit");
  expect(nextAct({ may: { ...may, publish: true }, version: 2 })?.name).toBe("发布第 3 版（变更报备）");
});

it("sorts problems by severity and date", () => {
  const problem = (
    rule: string,
    severity: string,
    date: string | null,
    waived: string | null = null,
  ): ProblemDto => ({
    rule,
    severity,
    date,
    post: null,
    person: "a",
    text: rule,
    source: "本项目约定",
    waived,
  });
  const groups = grouped([
    problem("wish", "soft", "2025-10-03"),
    problem("rest", "hard", "2025-10-09"),
    problem("nights", "hard", "2025-10-02"),
    problem("skill", "hard", "2025-10-01", "已协商"),
    problem("count", "hard", null),
  ]);
  expect(groups.map((group) => [group.id, group.problems.map((each) => each.rule)])).toEqual([
    ["hard", ["nights", "rest", "count"]],
    ["soft", ["wish"]],
    ["waived", ["skill"]],
  ]);
  expect(replaceable(problem("rest", "hard", "2025-10-09"))).toBe(true);
  expect(replaceable(problem("rest", "hard", "2025-10-09", "已协商"))).toBe(false);
});
