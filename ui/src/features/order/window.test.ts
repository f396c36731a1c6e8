import { expect, it } from "vitest";
import { moved, pagesFor, turned } from "./window";

it("asks for the pages that cover what is seen", () => {
  expect(pagesFor(0, 20, null)).toEqual([0]);
  expect(pagesFor(90, 120, 500)).toEqual([0, 1]);
  expect(pagesFor(480, 520, 500)).toEqual([4]);
  expect(pagesFor(0, 20, 0)).toEqual([0]);
});

it("moves inside the list", () => {
  expect(moved(-1, 1, 10)).toBe(0);
  expect(moved(-1, -1, 10)).toBe(9);
  expect(moved(9, 1, 10)).toBe(9);
  expect(moved(3, -1, 10)).toBe(2);
  expect(moved(0, 1, 0)).toBe(-1);
});

it("goes round the views", () => {
  expect(turned(["a", "b", "c"], "c", 1)).toBe("a");
  expect(turned(["a", "b", "c"], "a", -1)).toBe("c");
});
