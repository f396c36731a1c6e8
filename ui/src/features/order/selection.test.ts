import { expect, it } from "vitest";
import { between, extended, NONE_SELECTED, SELECTED_MAX, toggled } from "./selection";

it("chooses one and no longer", () => {
  const one = toggled(NONE_SELECTED, "a");
  expect(one).toEqual({ ids: ["a"], anchor: "a" });
  expect(toggled(toggled(one, "b"), "a")).toEqual({ ids: ["b"], anchor: "a" });
});

it("extends without choosing twice, from where it began", () => {
  const one = toggled(NONE_SELECTED, "b");
  expect(extended(one, ["a", "b", "c"])).toEqual({ ids: ["b", "a", "c"], anchor: "b" });
  expect(extended(NONE_SELECTED, ["x", "y"]).anchor).toBe("x");
});

it("reaches both ways", () => {
  expect(between(2, 5)).toEqual([2, 3, 4, 5]);
  expect(between(5, 2)).toEqual([2, 3, 4, 5]);
  expect(between(3, 3)).toEqual([3]);
});

it("never holds more than one bulk step takes", () => {
  const many = Array.from({ length: 300 }, (_, index) => `o${index}`);
  expect(extended(NONE_SELECTED, many).ids).toHaveLength(SELECTED_MAX);
  expect(toggled(extended(NONE_SELECTED, many), "more").ids).toHaveLength(SELECTED_MAX);
});
