import { expect, it } from "vitest";
import { listArgs } from "./listArgs";

it("asks for what the filter names and nothing else", () => {
  const asked = listArgs({ view: "all", rule: "L3", level: "" }, 100, 50);
  expect(asked).toMatchObject({ view: "all", rule: "L3", level: null, search: null, offset: 100, limit: 50 });
});
