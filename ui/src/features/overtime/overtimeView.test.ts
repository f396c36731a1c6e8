import { describe, expect, it } from "vitest";
import { proofText, spanWord } from "./overtimeView";

describe("spanWord", () => {
  it.each([
    ["2025-10-14T19:00:00+08:00", "2025-10-14T21:30:00+08:00", "10-14 周二 19:00—21:30"],
    ["2025-10-14T22:00:00+08:00", "2025-10-15T02:00:00+08:00", "10-14 周二 22:00—10-15 02:00"],
  ])("%s to %s", (from, to, expected) => expect(spanWord({ from, to }, () => "周二")).toBe(expected));
});

describe("proofText", () => {
  it("names the punches", () =>
    expect(proofText({ punches: ["19:02", "21:31"] })).toBe("期间打卡 19:02、21:31"));
  it("says where there are none", () => expect(proofText({ punches: [] })).toBe("期间没有打卡"));
});
