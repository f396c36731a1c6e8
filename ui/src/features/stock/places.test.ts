import { expect, it } from "vitest";
import { parentChoices, within } from "./places";
import { place } from "./testParts";

const tree = [
  place("主库"),
  place("1号柜", "cabinet", { parent: "主库", depth: 1 }),
  place("上层", "cabinet", { parent: "1号柜", depth: 2 }),
  place("车辆", "vehicle"),
];

it("knows what lies in a place", () => {
  expect([...within(tree, "主库")]).toEqual(["主库", "1号柜", "上层"]);
  expect([...within(tree, "车辆")]).toEqual(["车辆"]);
});

it("puts no place into itself or into what lies in it", () => {
  expect(parentChoices(tree, "1号柜").map((each) => each.value)).toEqual(["", "主库", "车辆"]);
  expect(parentChoices(tree, null)).toHaveLength(5);
});
