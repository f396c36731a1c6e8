import { expect, it } from "vitest";
import { columnsOf, tracks, withColumn } from "./columns";

const ids = (chosen: string[]) => columnsOf(chosen).map((column) => column.id);

it("shows the usual ones until others are chosen", () => {
  expect(ids([])).toEqual(["object", "assignee", "status", "number", "reported_at"]);
  expect(ids(["status", "from_2031"])).toEqual(["status"]);
});

it("puts a column in its place and takes it away", () => {
  expect(withColumn([], "kind", true)).toEqual([
    "object",
    "kind",
    "assignee",
    "status",
    "number",
    "reported_at",
  ]);
  expect(withColumn(["status", "number"], "status", false)).toEqual(["number"]);
});

it("gives each column a track", () => {
  expect(tracks(columnsOf(["status"]))).toBe("164px 20px minmax(0, 3fr) 76px");
});
