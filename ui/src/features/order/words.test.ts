import { expect, it } from "vitest";
import { waitText } from "./words";

it.each([
  ["2025-11-24T14:20:00+08:00", "0分钟"],
  ["2025-11-24T13:21:00+08:00", "59分钟"],
  ["2025-11-24T13:20:00+08:00", "1小时"],
  ["2025-11-23T14:21:00+08:00", "23小时"],
  ["2025-11-21T14:20:00+08:00", "3天"],
  ["2025-11-24T14:25:00+08:00", "0分钟"],
])("since %s it waits %s", (since, expected) =>
  expect(waitText(since, Date.parse("2025-11-24T14:20:00+08:00"))).toBe(expected),
);
