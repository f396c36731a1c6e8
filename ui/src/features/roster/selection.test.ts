import { expect, it } from "vitest";
import { at, box, moved, type Range, spots, within } from "./selection";
import { readTsv, writeTsv } from "./tsv";

const SIZE = { rows: 4, cols: 5, page: 2 };
const GRID = ["aabba", "aabba", "ccccc", "ccccd"];
const text = (row: number, col: number) => GRID[row]?.[col] ?? "";
const head = (range: Range | null) => range && [range.head.row, range.head.col];

it.each([
  ["arrowdown", [1, 1], [2, 1]],
  ["arrowup", [0, 1], [0, 1]],
  ["arrowright", [1, 4], [1, 4]],
  ["home", [1, 3], [1, 0]],
  ["end", [1, 3], [1, 4]],
  ["pagedown", [1, 0], [3, 0]],
  ["pageup", [3, 0], [1, 0]],
  ["ctrl+home", [3, 3], [0, 0]],
  ["ctrl+end", [0, 0], [3, 4]],
  ["ctrl+arrowright", [0, 0], [0, 2]],
  ["ctrl+arrowright", [2, 0], [2, 4]],
  ["ctrl+arrowleft", [0, 4], [0, 3]],
  ["ctrl+arrowdown", [0, 0], [2, 0]],
])("%s leads from %j to %j", (key, from, to) => {
  const range = moved(key, at(from[0] as number, from[1] as number), SIZE, text);
  expect(head(range)).toEqual(to);
  expect(range?.anchor).toEqual(range?.head);
});

it("selects with shift, everything with ctrl+a, nothing with other keys", () => {
  const range = moved(
    "shift+arrowdown",
    moved("shift+arrowright", at(1, 1), SIZE, text) as Range,
    SIZE,
    text,
  );
  expect(range && box(range)).toEqual({ top: 1, bottom: 2, left: 1, right: 2 });
  expect(spots(range as Range)).toHaveLength(4);
  const leap = moved("ctrl+shift+arrowright", at(0, 0), SIZE, text);
  expect(leap && box(leap)).toEqual({ top: 0, bottom: 0, left: 0, right: 2 });
  expect(spots(moved("ctrl+a", at(2, 2), SIZE, text) as Range)).toHaveLength(20);
  expect(moved("z", at(0, 0), SIZE, text)).toBeNull();
});

it("keeps the range inside a sheet that became smaller", () => {
  expect(within({ anchor: { row: 3, col: 4 }, head: { row: 9, col: 1 } }, { rows: 2, cols: 3 })).toEqual({
    anchor: { row: 1, col: 2 },
    head: { row: 1, col: 1 },
  });
});

it.each([
  [
    "值\t备\r\n\t夜\r\n",
    [
      ["值", "备"],
      ["", "夜"],
    ],
  ],
  ["值", [["值"]]],
  ['"甲\n乙"\t"说""好"""', [["甲\n乙", '说"好"']]],
  ["", [[""]]],
])("reads %j from the clipboard and writes it back", (source, rows) => {
  expect(readTsv(source)).toEqual(rows);
  expect(readTsv(writeTsv(rows))).toEqual(rows);
});
