import { expect, it } from "vitest";
import { divisionWord } from "./division";

it("calls divisions what the contract calls them", () => {
  expect(divisionWord(["A总队", "B总队", "项目级"])).toBe("总队");
  expect(divisionWord(["市政协", "市住建局"])).toBe("单位");
  expect(divisionWord(["信访局", "A总队"])).toBe("单位");
  expect(divisionWord([])).toBe("单位");
});
