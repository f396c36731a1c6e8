import { describe, expect, it } from "vitest";
import type { ClockDto } from "@/generated/door";
import { clockView } from "./clockView";

const now = Date.parse("2025-11-24T14:20:00+08:00");
const clock = (more: Partial<ClockDto>): ClockDto => ({
  target: "response",
  name: "响应",
  state: "running",
  starts_at: "2025-11-24T14:00:00+08:00",
  deadline: "2025-11-24T15:00:00+08:00",
  ended_at: null,
  limit_minutes: 60,
  limit_text: "60分钟",
  remaining_minutes: 40,
  warn_minutes: 10,
  rule: "L4",
  source: "001:61-63",
  clause: "",
  ...more,
});

describe("clockView", () => {
  it("counts down and empties the ring", () => {
    const view = clockView(clock({}), now);
    expect(view).toMatchObject({ shape: "run", tone: "ok", text: "40:00", words: "计时中" });
    expect(view.fraction).toBeCloseTo(2 / 3);
  });

  it("says the minutes left as the messages do: one begun counts", () => {
    const due = Date.parse("2025-11-24T15:00:00+08:00");
    const left = (ms: number) => clockView(clock({}), due - ms).text;
    expect(left(7_201_000)).toBe("2时01分");
    expect(left(7_200_000)).toBe("2时00分");
    expect(left(3_600_001)).toBe("1时01分");
    expect(left(3_599_400)).toBe("1时00分");
  });

  it("warns from the warning point on", () => {
    expect(clockView(clock({ warn_minutes: 40 }), now).shape).toBe("soon");
    expect(clockView(clock({ warn_minutes: 39 }), now).shape).toBe("run");
  });

  it("is still running exactly at the deadline, and counts up after it", () => {
    const due = Date.parse("2025-11-24T15:00:00+08:00");
    expect(clockView(clock({}), due)).toMatchObject({ shape: "soon", text: "00:00" });
    expect(clockView(clock({}), due + 3_900_000)).toMatchObject({ shape: "late", text: "已超 1时05分" });
    expect(clockView(clock({ state: "missed_open" }), due + 61_000).text).toBe("已超 01:01");
  });

  it("stands still while paused", () => {
    const view = clockView(clock({ state: "paused", deadline: null, remaining_minutes: 15 }), now);
    expect(view).toMatchObject({ shape: "pause", text: "暂停 15:00", fraction: 0.25 });
  });

  it("says how late it ended", () => {
    expect(clockView(clock({ state: "breached", ended_at: "2025-11-24T15:12:30+08:00" }), now)).toMatchObject(
      {
        shape: "broke",
        text: "超 12:30",
      },
    );
  });

  it.each([
    ["waiting", "wait", "未开始"],
    ["met", "met", "按时"],
    ["void", "none", "不计"],
    ["no_limit", "none", "不限时"],
  ])("%s", (state, shape, text) => expect(clockView(clock({ state }), now)).toMatchObject({ shape, text }));
});
