import { expect, it } from "vitest";
import { frozenAt } from "./freeze";

const freeze = {
  plan: "coverage/1",
  name: "国庆保障方案",
  from: "2025-09-30T18:00:00+08:00",
  to: "2025-10-09T08:00:00+08:00",
  what: "核心业务系统",
};

it.each([
  ["2025-09-30T17:59:59+08:00", 0],
  ["2025-09-30T18:00:00+08:00", 1],
  ["2025-10-09T07:59:59+08:00", 1],
  ["2025-10-09T08:00:00+08:00", 0],
])("a change at %s", (at, count) => expect(frozenAt([freeze], Date.parse(at))).toHaveLength(count));
