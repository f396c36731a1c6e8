import { expect, it } from "vitest";
import { both, boxes } from "./boxes";

it("ticks what was told and nothing else", () => {
  expect(boxes("")).toBe("□ 满意　　□ 基本满意　　□ 不满意");
  expect(boxes("fairly")).toBe("□ 满意　　☑ 基本满意　　□ 不满意");
  expect(boxes("of 2031")).toBe("□ 满意　　□ 基本满意　　□ 不满意");
});

it("says unit and division once where they are the same", () => {
  expect(both("科信处", "E总队")).toBe("科信处 / E总队");
  expect(both("E总队", "E总队")).toBe("E总队");
  expect(both("", "E总队")).toBe("E总队");
});
