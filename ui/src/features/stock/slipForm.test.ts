import { expect, it } from "vitest";
import type { SlipDto, SlipLineDto } from "@/generated/door";
import {
  askArgs,
  askLack,
  type IssueLine,
  issueArgs,
  issueLack,
  newAsk,
  owesOld,
  withAsked,
  withIssued,
} from "./slipForm";
import { part } from "./testParts";

const asked = (given: Partial<SlipLineDto> = {}): SlipLineDto => ({
  part: "part/1",
  part_name: "硬盘",
  model: "ST4000",
  unit: "块",
  quantity: 2,
  serials: [],
  place: "主库",
  place_id: "place/1",
  available: 5,
  old_returned: null,
  ...given,
});
const line = (given: Partial<IssueLine> = {}): IssueLine => ({
  asked: asked(),
  tracking: "serial",
  serials: "",
  quantity: "2",
  ...given,
});

it("asks for one where nothing is typed", () => {
  const made = askArgs(
    "s",
    "order/1",
    [newAsk(part()), newAsk(part({ id: "part/2" }), "4")],
    { reason: " 换盘 ", emergency: true },
    "k",
  );
  expect(made.lines.map((each) => each.quantity)).toEqual([1, 4]);
  expect(made).toMatchObject({ order: "order/1", reason: "换盘", emergency: true });
  expect(askLack(newAsk(null))).toBe("请选择备件");
  expect(askLack(newAsk(part(), "0"))).toBe("请填写数量");
});

it("counts scanned models up", () => {
  const lines = withAsked(withAsked(withAsked([newAsk(null)], part()), part()), part({ id: "part/2" }));
  expect(lines.map((each) => [each.part?.id, each.quantity])).toEqual([
    ["part/1", "2"],
    ["part/2", "1"],
  ]);
});

it("issues what was asked for or less, never more", () => {
  expect(issueLack(line())).toBe("请扫描要发出的序列号");
  expect(issueLack(line({ serials: "A1" }))).toBeNull();
  expect(issueLack(line({ serials: "A1 A2 A3" }))).toBe("只领 2 块");
  expect(issueLack(line({ tracking: "plain", quantity: "3" }))).toBe("只领 2 块");
  expect(issueLack(line({ tracking: "plain", quantity: "x" }))).toBe("请填写数量");
  expect(issueLack(line({ tracking: "plain", quantity: "0" }))).toBeNull();
  expect(issueArgs([line({ serials: "A1 A2" }), line({ tracking: "plain" })])).toMatchObject([
    { serials: ["A1", "A2"], quantity: 0, place: "place/1" },
    { serials: [], quantity: 2 },
  ]);
});

it("puts a scanned serial number on the line of its model while there is room", () => {
  const one = withIssued([line()], "part/1", "A1");
  expect(one.lines.map((each) => each.serials)).toEqual(["A1"]);
  expect(withIssued(one.lines, "part/1", "A1").note).toBe("A1 已在单上");
  expect(withIssued(one.lines, "part/9", "B1").note).toBe("领用单上没有这个型号");
  const full = withIssued(one.lines, "part/1", "A2");
  expect(withIssued(full.lines, "part/1", "A3").note).toBe("这个型号已经发够了");
});

it("knows whose old part is still owed", () => {
  const slip = { lines: [asked({ old_returned: true }), asked({ old_returned: false }), asked()] } as SlipDto;
  expect(owesOld(slip)).toEqual([1]);
});
