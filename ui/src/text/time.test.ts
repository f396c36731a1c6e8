import { describe, expect, it } from "vitest";
import {
  ageText,
  leftText,
  minutesText,
  parseTime,
  plainTime,
  rfc3339,
  shortTimeText,
  spanText,
  timeText,
} from "./time";

const at = (text: string) => Date.parse(text);
const now = at("2025-11-24T14:20:00+08:00");

describe("timeText", () => {
  it.each([
    ["2025-11-24T14:20:00+08:00", "今天 14:20"],
    ["2025-11-24T00:00:00+08:00", "今天 00:00"],
    ["2025-11-25T08:00:00+08:00", "明天 08:00"],
    ["2025-11-23T23:59:00+08:00", "11-23 周日 23:59"],
    ["2025-11-26T08:00:00+08:00", "11-26 周三 08:00"],
    ["2024-11-24T08:00:00+08:00", "2024-11-24 周日 08:00"],
    ["2025-11-24T16:30:00Z", "明天 00:30"],
  ])("%s reads %s", (text, expected) => expect(timeText(at(text), now)).toBe(expected));

  it("is short in tables", () => {
    expect(shortTimeText(at("2025-11-24T09:05:00+08:00"), now)).toBe("09:05");
    expect(shortTimeText(at("2025-11-02T09:05:00+08:00"), now)).toBe("11-02 09:05");
  });
});

describe("spanText", () => {
  it.each([
    [252, "04:12"],
    [0, "00:00"],
    [3599, "59:59"],
    [3600, "1时00分"],
    [12_000, "3时20分"],
    [97_200, "1天3时"],
  ])("%i s reads %s", (seconds, expected) => expect(spanText(seconds * 1000)).toBe(expected));

  it.each([
    [0, "00:00"],
    [1, "00:01"],
    [59_000, "00:59"],
    [3_599_000, "59:59"],
    [3_599_001, "1时00分"],
    [3_600_000, "1时00分"],
    [3_600_001, "1时01分"],
    [7 * 3_600_000 + 27 * 60_000 + 1000, "7时28分"],
    [7 * 3_600_000 + 28 * 60_000, "7时28分"],
    [86_399_000, "1天0时"],
  ])("%i ms left read %s", (ms, expected) => expect(leftText(ms)).toBe(expected));

  it("says minutes in words", () => {
    expect([15, 60, 200, 1440, 3000, 2910].map(minutesText)).toEqual([
      "15分钟",
      "1小时",
      "3时20分",
      "1天",
      "2天2时",
      "2天30分",
    ]);
  });

  it("says age", () => {
    expect([12, 200, 7300, 180_000].map(ageText)).toEqual(["12秒前", "3分钟前", "2小时前", "2天前"]);
  });
});

describe("parseTime", () => {
  it.each([
    ["14:05", "2025-11-24T14:05:00+08:00"],
    ["1405", "2025-11-24T14:05:00+08:00"],
    ["23:50", "2025-11-23T23:50:00+08:00"],
    ["昨天 23：50", "2025-11-23T23:50:00+08:00"],
    ["11-20 08:00", "2025-11-20T08:00:00+08:00"],
    ["12-31 23:00", "2024-12-31T23:00:00+08:00"],
    ["2024-02-29 08:00", "2024-02-29T08:00:00+08:00"],
    ["10分钟前", "2025-11-24T14:10:00+08:00"],
    ["-20", "2025-11-24T14:00:00+08:00"],
  ])("%s means %s", (typed, expected) => expect(rfc3339(parseTime(typed, now) ?? 0)).toBe(expected));

  it.each([
    ["14:05", "2025-11-25T14:05:00+08:00"],
    ["20:00", "2025-11-24T20:00:00+08:00"],
    ["09:00", "2025-11-25T09:00:00+08:00"],
    ["明天 09:00", "2025-11-25T09:00:00+08:00"],
    ["后天 10:00", "2025-11-26T10:00:00+08:00"],
    ["12-31 23:00", "2025-12-31T23:00:00+08:00"],
    ["01-05 09:00", "2026-01-05T09:00:00+08:00"],
  ])("%s of something planned means %s", (typed, expected) =>
    expect(rfc3339(parseTime(typed, now, true) ?? 0)).toBe(expected),
  );

  it("reads its own plain text back", () => expect(parseTime(plainTime(now), now)).toBe(now));

  it.each(["", "25:00", "14:60", "2-30 08:00", "随便"])("refuses %s", (typed) =>
    expect(parseTime(typed, now)).toBeNull(),
  );
});
