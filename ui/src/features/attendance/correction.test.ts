import { describe, expect, it } from "vitest";
import { leavesNextDay, timeOn } from "./correction";

describe("timeOn", () => {
  it.each([
    ["8:58", "2025-10-15T08:58:00+08:00"],
    ["0858", "2025-10-15T08:58:00+08:00"],
    ["23：50", "2025-10-15T23:50:00+08:00"],
    [" ", null],
    ["25:00", undefined],
    ["8:60", undefined],
    ["早上", undefined],
  ])("reads %s", (typed, expected) => expect(timeOn("2025-10-15", typed)).toBe(expected));
  it("goes to the next day", () =>
    expect(timeOn("2025-10-31", "08:00", true)).toBe("2025-11-01T08:00:00+08:00"));
});

describe("leavesNextDay", () => {
  it.each([
    ["20:00", "08:00", null, true],
    ["8:00", "12:00", null, false],
    ["", "08:00", "2025-10-16T08:00:00+08:00", true],
    ["", "18:00", "2025-10-15T18:00:00+08:00", false],
  ])("%s to %s", (came, left, ends, expected) =>
    expect(leavesNextDay(came, left, ends, "2025-10-15")).toBe(expected),
  );
});
