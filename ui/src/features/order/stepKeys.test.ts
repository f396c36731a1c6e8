import { expect, it } from "vitest";
import table from "../../../../crates/domain/src/order/table.rs?raw";

/** Single keys of the screens on which an order and the list beside it are open. */
const TAKEN = {
  E: "解释时钟",
  G: "去向",
  J: "下一条",
  K: "上一条",
  M: "沿用处理经验",
  X: "选择",
  Y: "按平台次序复制",
};

it("gives no step a key that means something else on the same screen", () => {
  const steps = [...table.matchAll(/code: "(\w+)",[^}]*?key: Some\('(\w)'\)/g)].map(([, code, key]) => ({
    code,
    key: key ?? "",
  }));
  expect(steps.length).toBeGreaterThan(15);
  expect(steps.filter(({ key }) => key in TAKEN)).toEqual([]);
  // An order is suspended or it is not: the two share a key.
  const keys = steps.filter(({ code }) => code !== "resume").map(({ key }) => key);
  expect(keys).toHaveLength(new Set(keys).size);
});
