import { describe, expect, it } from "vitest";
import { monthAfter } from "./month";

describe("monthAfter", () => {
  it.each([
    ["2025-10", 1, "2025-11"],
    ["2025-12", 1, "2026-01"],
    ["2026-01", -1, "2025-12"],
  ])("%s and %i", (month, by, expected) => expect(monthAfter(month, by)).toBe(expected));
});
