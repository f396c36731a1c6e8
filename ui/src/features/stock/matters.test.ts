import { expect, it } from "vitest";
import { matterPath } from "./matters";

it("leads to where a matter is dealt with", () => {
  const matter = {
    kind: "transfer",
    store: "s",
    id: "transfer/1",
    text: "",
    who: "",
    due: null,
    overdue: true,
  };
  expect(matterPath(matter).query).toEqual({
    store: "s",
    tab: "transfers",
    view: "all",
    transfer: "transfer/1",
  });
  expect(matterPath({ ...matter, kind: "take", id: "" }).query).toEqual({ store: "s", tab: "takes" });
  expect(matterPath({ ...matter, kind: "loan" }).query.view).toBe("loans");
});
