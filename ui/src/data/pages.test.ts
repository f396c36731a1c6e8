import { expect, it } from "vitest";
import { pagesFor } from "./pages";

it("asks for the pages that cover what is seen", () => {
  expect(pagesFor(0, 20, null)).toEqual([0]);
  expect(pagesFor(90, 120, 500)).toEqual([0, 1]);
  expect(pagesFor(480, 520, 500)).toEqual([4]);
  expect(pagesFor(0, 20, 0)).toEqual([0]);
});
