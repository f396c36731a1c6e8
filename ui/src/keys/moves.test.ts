import { expect, it } from "vitest";
import { moved, turned } from "./moves";

it("moves inside the list", () => {
  expect(moved(-1, 1, 10)).toBe(0);
  expect(moved(-1, -1, 10)).toBe(9);
  expect(moved(9, 1, 10)).toBe(9);
  expect(moved(3, -1, 10)).toBe(2);
  expect(moved(0, 1, 0)).toBe(-1);
});

it("goes round", () => {
  expect(turned(["a", "b", "c"], "c", 1)).toBe("a");
  expect(turned(["a", "b", "c"], "a", -1)).toBe("c");
});
