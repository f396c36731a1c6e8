import { describe, expect, it } from "vitest";
import { hoursText, spanText } from "./hours";

describe("hoursText", () => {
  it.each([
    [0, ""],
    [29, ""],
    [30, "0.5"],
    [150, "2.5"],
    [179, "2.5"],
  ])("%i minutes", (minutes, expected) => expect(hoursText(minutes)).toBe(expected));
});

describe("spanText", () => {
  it.each([
    [150, "2 时 30 分"],
    [120, "2 时"],
    [20, "20 分"],
    [0, "0 分"],
  ])("%i minutes", (minutes, expected) => expect(spanText(minutes)).toBe(expected));
});
