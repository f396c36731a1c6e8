import { describe, expect, it } from "vitest";
import { rowsFor } from "./wall";

describe("rows on the wall", () => {
  it("fits whole rows, the same on any screen of one shape", () => {
    expect(rowsFor(1366, 768)).toBe(8);
    expect(rowsFor(1920, 1080)).toBe(8);
    expect(rowsFor(1280, 1024)).toBeGreaterThan(8);
    expect(rowsFor(300, 20)).toBe(8);
  });
});
