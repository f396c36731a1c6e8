import { expect, it } from "vitest";
import { applied, type Change, changesBetween, editedCells, editedPins, type Month, rebased } from "./cells";
import { EMPTY, edited, redo, undo } from "./undo";

const month = (people: Record<string, string[]>, pins: Record<string, string[]> = {}): Month => ({
  people: new Map(Object.entries(people)),
  pins: new Map(Object.entries(pins)),
});
const change = (
  date: string,
  added: string[],
  removed: string[],
  layer: "people" | "pins" = "people",
): Change => ({
  layer,
  date,
  post: "duty",
  added,
  removed,
});
const plain = (one: Month) => [Object.fromEntries(one.people), Object.fromEntries(one.pins)];

it("puts people into cells and takes them out, with their pins", () => {
  const before = month({ "01/duty": ["a"] }, { "01/duty": ["a"] });
  const after = applied(before, [change("01", ["b"], ["a"]), change("02", ["c", "a"], [])]);
  expect(plain(after)).toEqual([{ "01/duty": ["b"], "02/duty": ["a", "c"] }, {}]);
  expect(plain(before)).toEqual([{ "01/duty": ["a"] }, { "01/duty": ["a"] }]);
});

it("finds the changes between two months, and they lead there", () => {
  const from = month({ "01/duty": ["a"], "02/duty": ["b"] }, { "02/duty": ["b"] });
  const to = month({ "01/duty": ["a", "c"], "03/duty": ["b"] }, { "03/duty": ["b"] });
  const changes = changesBetween(from, to);
  expect(plain(applied(from, changes))).toEqual(plain(to));
  expect(editedCells(from, to)).toEqual([
    { date: "01", post: "duty", people: ["a", "c"] },
    { date: "02", post: "duty", people: [] },
    { date: "03", post: "duty", people: ["b"] },
  ]);
  expect(editedPins(from, to)).toEqual([
    { date: "02", post: "duty", person: "b", pinned: false },
    { date: "03", post: "duty", person: "b", pinned: true },
  ]);
});

it("keeps my edits upon what others saved", () => {
  const base = month({ "01/duty": ["a"] });
  const mine = month({ "01/duty": ["a"], "02/duty": ["b"] });
  const theirs = month({ "01/duty": ["c"], "03/duty": ["d"] });
  expect(plain(rebased(base, mine, theirs))[0]).toEqual({
    "01/duty": ["c"],
    "02/duty": ["b"],
    "03/duty": ["d"],
  });
});

it("undoes and redoes, pins that went with their holder included", () => {
  const start = { month: month({ "01/duty": ["a"] }, { "01/duty": ["a"] }), history: EMPTY };
  const one = edited(start, [change("01", [], ["a"])]);
  expect(plain(one.month)).toEqual([{}, {}]);
  const back = undo(one);
  expect(plain(back.month)).toEqual(plain(start.month));
  expect(plain(redo(back).month)).toEqual([{}, {}]);
  expect(undo(back)).toEqual(back);
});

it("leaves no step for an edit that changes nothing, and forgets what was undone at a new edit", () => {
  const start = { month: month({ "01/duty": ["a"] }), history: EMPTY };
  expect(edited(start, [change("01", ["a"], [])]).history.done).toHaveLength(0);
  const one = undo(edited(start, [change("02", ["b"], [])]));
  expect(one.history.undone).toHaveLength(1);
  expect(edited(one, [change("03", ["b"], [])]).history.undone).toHaveLength(0);
});

it("undoes a saved edit by its opposite, and what others did meanwhile stays", () => {
  const start = { month: month({}), history: EMPTY };
  const saved = edited(start, [change("01", ["a"], [])]);
  const now = { month: applied(saved.month, [change("01", ["z"], [])]), history: saved.history };
  expect(plain(undo(now).month)[0]).toEqual({ "01/duty": ["z"] });
});
