import { describe, expect, it } from "vitest";
import type { SlipDto } from "@/generated/door";
import { fateLack, isBound, NO_FATE, needsRelease, oldNumber, proposedFate } from "./fateForm";
import { part } from "./testParts";
import { newUse, slipLines, useAfter, useArgs, useLack, useOf, withUse } from "./useLines";

const RULE = "损坏的存储介质须留存（002:5270）。";
const disk = part({ tracking: "serial" });
const plug = part({
  id: "part/2",
  name: "水晶头",
  model: "RJ45",
  unit: "个",
  storage_medium: false,
  on_hand: 40,
});
const about = { store: "s", order: "order/1", text: "", at: null };

describe("坏件去向", () => {
  it("keeps a storage medium unless it is released in writing", () => {
    const scrapped = { ...NO_FATE, fate: "scrapped" };
    expect(fateLack(scrapped, true)).toContain("书面同意");
    expect(fateLack({ ...scrapped, released_by: "科信办 2025-31 号函" }, true)).toBeNull();
    expect(fateLack({ ...NO_FATE, fate: "kept" }, true)).toBeNull();
    expect(fateLack(scrapped, false)).toBeNull();
  });
  it("binds storage media where the contract says so", () => {
    expect(isBound(disk, RULE)).toBe(true);
    expect(isBound(disk, "")).toBe(false);
    expect(isBound(plug, RULE)).toBe(false);
    expect(needsRelease("", true)).toBe(false);
  });
  it("proposes to keep what has a number, and no old part for consumables", () => {
    expect([proposedFate(disk), proposedFate(plug), proposedFate(null)]).toEqual(["kept", "", ""]);
  });
});

describe("a line", () => {
  it("says what it lacks", () => {
    expect(useLack(newUse(), NO_FATE, RULE)).toBe("请选择备件");
    expect(useLack(newUse(useOf(disk)), NO_FATE, RULE)).toBe("请扫描或输入换上件的序列号");
    expect(useLack(newUse(useOf(disk, "A1")), NO_FATE, RULE)).toContain("旧件的序列号");
    expect(useLack(newUse({ ...useOf(disk, "A1"), fate: "" }), NO_FATE, RULE)).toBeNull();
    const swapped = { ...useOf(disk, "A1"), oldSerial: "OLD9" };
    expect(useLack(newUse(swapped), NO_FATE, RULE)).toBeNull();
    expect(useLack(newUse({ ...swapped, fate: "erased" }), NO_FATE, RULE)).toContain("书面同意");
    expect(useLack(newUse({ ...useOf(plug), quantity: "x" }), NO_FATE, RULE)).toBe("请填写数量");
  });
  it("takes a reason where the old number cannot be read", () => {
    expect(oldNumber(" OLD9 ")).toEqual({ serial: "OLD9", unreadable: "" });
    expect(oldNumber("无法辨认：铭牌烧毁")).toEqual({ serial: "", unreadable: "铭牌烧毁" });
    const line = (oldSerial: string) => newUse({ ...useOf(disk, "A1"), oldSerial });
    expect(useLack(line("无法辨认"), NO_FATE, RULE)).toContain("缘由");
    expect(useLack(line("无法辨认 铭牌烧毁"), NO_FATE, RULE)).toBeNull();
    expect(useArgs(about, [line("无法辨认 铭牌烧毁")], NO_FATE, "k").lines[0]?.old).toMatchObject({
      serial: "",
      unreadable: "铭牌烧毁",
    });
  });
  it("is one piece where nothing is typed", () => {
    expect(useArgs(about, [newUse(useOf(plug))], NO_FATE, "k").lines[0]?.line.quantity).toBe(1);
  });
  it("says what there will be, and whether the place falls below zero", () => {
    const balances = [
      {
        part: plug.id,
        part_name: "",
        unit: "个",
        place: "a",
        place_name: "主库",
        place_kind: "store",
        owner: "buyer",
        quantity: 38,
      },
      {
        part: plug.id,
        part_name: "",
        unit: "个",
        place: "b",
        place_name: "车辆",
        place_kind: "vehicle",
        owner: "buyer",
        quantity: 2,
      },
    ];
    const at = (quantity: string, place = "") =>
      useAfter(newUse({ ...useOf(plug), quantity, place, balances }));
    expect(at("3")).toEqual({ text: "现存 40 → 37 个，出自 主库", below: false });
    expect(at("3", "b")).toEqual({ text: "现存 40 → 37 个，出自 车辆", below: true });
  });
});

it("sends the old part with what is said for all lines", () => {
  const line = newUse({ ...useOf(disk, "A1", "place/1"), oldSerial: " OLD9 " });
  const sent = useArgs(about, [line, newUse(useOf(plug))], { ...NO_FATE, receiver: " 资产科 " }, "k");
  expect(sent.lines[0]?.line).toMatchObject({
    part: disk.id,
    serials: ["A1"],
    quantity: 1,
    place: "place/1",
  });
  expect(sent.lines[0]?.old).toMatchObject({
    serial: "OLD9",
    quantity: 1,
    fate: { fate: "kept", receiver: "资产科" },
  });
  expect([sent.lines.length, sent.lines[1]?.old]).toEqual([2, null]);
});

it("gathers scans", () => {
  const one = withUse([newUse()], disk, "A1", null);
  const two = withUse(one.lines, disk, "A2", null);
  expect(two.lines.map((line) => line.serials)).toEqual(["A1", "A2"]);
  expect(withUse(two.lines, disk, "A2", null).note).toBe("A2 已在单上");
  const plugs = withUse(withUse(two.lines, plug, "", null).lines, plug, "", null);
  expect(plugs.lines.map((line) => line.quantity)).toEqual(["", "", "2"]);
});

it("makes lines of an issued slip, one for each serial number", () => {
  const line = {
    part_name: "",
    model: "",
    unit: "",
    place: "",
    place_id: "place/1",
    available: 0,
    old_returned: null,
  };
  const slip = {
    id: "slip/1",
    lines: [
      { ...line, part: disk.id, quantity: 2, serials: ["A1", "A2"] },
      { ...line, part: plug.id, quantity: 5, serials: [] },
      { ...line, part: "part/gone", quantity: 1, serials: [] },
    ],
  } as unknown as SlipDto;
  const made = slipLines(slip, new Map([disk, plug].map((each) => [each.id, each])));
  expect(made.map(({ serials, quantity, slip }) => [serials, quantity, slip])).toEqual([
    ["A1", "", "slip/1"],
    ["A2", "", "slip/1"],
    ["", "5", "slip/1"],
  ]);
});
