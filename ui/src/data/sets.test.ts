import { expect, it } from "vitest";
import { toggledIn } from "./sets";

it("adds what is not there, drops what is, and leaves the set given as it was", () => {
  const given = new Set(["a"]);
  expect([...toggledIn(given, "b")]).toEqual(["a", "b"]);
  expect([...toggledIn(given, "a")]).toEqual([]);
  expect([...given]).toEqual(["a"]);
});
