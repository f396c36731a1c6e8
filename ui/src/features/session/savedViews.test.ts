import { expect, it } from "vitest";
import { isShown, movedView, savedAs, viewQuery } from "./savedViews";

const named = (...names: string[]) =>
  names.map((name) => ({ list: "orders", name, query: { view: "open" } }));
const names = (views: { name: string }[]) => views.map((view) => view.name).join("");

it("keeps what is set", () => {
  expect(viewQuery({ view: "open", level: "1", search: null, kind: "" })).toEqual({
    view: "open",
    level: "1",
  });
});

it("knows itself on screen", () => {
  const [view] = savedAs([], "orders", "一级", { view: "open", level: "1" });
  expect(view && isShown(view, { view: "open", level: "1", search: null })).toBe(true);
  expect(view && isShown(view, { view: "open", level: "1", kind: "incident" })).toBe(false);
  expect(view && isShown(view, { view: "open" })).toBe(false);
});

it("moves inside the list", () => {
  expect(names(movedView(named("a", "b", "c"), 2, -1))).toBe("acb");
  expect(names(movedView(named("a", "b", "c"), 0, 1))).toBe("bac");
  expect(names(movedView(named("a", "b", "c"), 0, -1))).toBe("abc");
});

it("saves again under the same name in the same place", () => {
  const views = savedAs(named("a", "b"), "orders", " a ", { view: "all" });
  expect(names(views)).toBe("ab");
  expect(views[0]?.query).toEqual({ view: "all" });
});
