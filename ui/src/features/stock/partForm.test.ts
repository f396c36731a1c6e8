import { expect, it } from "vitest";
import { cardOf, draftOf } from "./partForm";

it("brings a card through its form unchanged", () => {
  const card = cardOf({
    ...draftOf(null),
    name: " 硬盘 ",
    minimum: "4",
    compatible: "存储节点、服务器，NVR",
    charge: "capped",
    charge_limit: "500 元",
  });
  expect(card).toMatchObject({
    name: "硬盘",
    minimum: 4,
    compatible: ["存储节点", "服务器", "NVR"],
    charge_limit: "500 元",
  });
  expect(cardOf(draftOf(card))).toEqual(card);
});

it("reads no minimum as none, and keeps a limit only where the charge is capped", () => {
  const draft = { ...draftOf(null), minimum: "", charge: "free", charge_limit: "500 元" };
  expect(cardOf(draft)).toMatchObject({ minimum: 0, charge_limit: "" });
});
