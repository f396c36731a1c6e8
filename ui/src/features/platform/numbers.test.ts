import { describe, expect, it } from "vitest";
import { columnOf, filled, repeated, spread } from "./numbers";

const ids = ["o1", "o2", "o3"];

describe("numbers of the platform", () => {
  it.each([
    ["IT-1", ["IT-1"]],
    ["IT-1\r\nIT-2\r\n", ["IT-1", "IT-2"]],
    ["IT-1\t标题\n\nIT-3\t标题\n", ["IT-1", "", "IT-3"]],
  ])("reads the column %j", (text, expected) => expect(columnOf(text)).toEqual(expected));

  it("lays a pasted column over the rows and no further", () => {
    expect(spread({ o1: "A" }, ids, 1, ["B", "C", "D"])).toEqual({ o1: "A", o2: "B", o3: "C" });
    expect(spread({ o2: "B" }, ids, 1, ["", "C"])).toEqual({ o2: "B", o3: "C" });
  });

  it("sends what is filled in, in the order of the list", () => {
    expect(filled({ o3: " C ", o1: "A", o2: "  ", gone: "X" }, ids)).toEqual([
      { order_id: "o1", number: "A" },
      { order_id: "o3", number: "C" },
    ]);
    expect([...repeated({ o1: "A", o2: " A", o3: "B" }, ids)]).toEqual(["A"]);
  });
});
