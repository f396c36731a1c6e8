import { describe, expect, it } from "vitest";
import { closedText, openSpan } from "./closing";

const day = (date: string, closed = false, changed = 0) => ({
  date,
  day: Number(date.slice(8)),
  weekday: "三",
  badge: "",
  off: false,
  closed,
  changed,
});

describe("openSpan", () => {
  const days = [day("2025-10-13", true), day("2025-10-14"), day("2025-10-15"), day("2025-10-16")];
  it.each([
    ["2025-10-16", { from: "2025-10-14", to: "2025-10-15" }],
    ["2025-10-14", null],
    ["2025-11-01", { from: "2025-10-14", to: "2025-10-16" }],
  ])("of %s", (today, expected) => expect(openSpan({ days }, today)).toEqual(expected));
});

describe("closedText", () => {
  it.each([
    [[day("2025-10-13")], "本月还没有关账。"],
    [[day("2025-10-13", true), day("2025-10-14")], "已关账 1 天。"],
    [[day("2025-10-13", true, 2), day("2025-10-14", true)], "已关账 2 天，其中 1 天关账后数据有变化。"],
  ])("tells how a month stands", (days, expected) => expect(closedText({ days })).toBe(expected));
});
