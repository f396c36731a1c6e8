import { describe, expect, it } from "vitest";
import type { TransferDto, TransferLineDto } from "@/generated/door";
import {
  arriveArgs,
  arriveEntries,
  differences,
  entryLack,
  filledEntries,
  shipArgs,
  shipEntries,
  withScanned,
} from "./transferForm";

const line = (name: string, given: Partial<TransferLineDto> = {}): TransferLineDto => ({
  item: { name, model: "M1", owner: "supplier" },
  part: `part/${name}`,
  tracking: "plain",
  unit: "个",
  asked: 5,
  shipped: 5,
  received: 0,
  returned: 0,
  settled: 0,
  in_transit: 5,
  missing: [],
  strange: [],
  available: 9,
  ...given,
});
const transfer = (lines: TransferLineDto[]) => ({ lines }) as TransferDto;
const disks = line("硬盘", {
  tracking: "serial",
  asked: 2,
  shipped: 2,
  in_transit: 2,
  missing: ["D1", "D2"],
});

describe("transfers", () => {
  it("ships what was asked for, pieces by their numbers", () => {
    const entries = shipEntries(transfer([line("风扇"), disks, line("线", { asked: 0 })]));
    expect(entries.map((entry) => entry.quantity)).toEqual(["5", "2"]);
    const scanned = withScanned(entries, "D7", "part/硬盘");
    expect(shipArgs(scanned.entries).map((each) => [each.quantity, each.serials])).toEqual([
      [5, []],
      [0, ["D7"]],
    ]);
  });

  it("receives by counting, and tells what differs", () => {
    const entries = arriveEntries(transfer([line("风扇"), disks]));
    expect(differences(entries)).toEqual(["风扇 M1 短少 5 个", "硬盘 M1 短少 2 个"]);
    expect(differences(filledEntries(entries))).toEqual([]);
    const first = withScanned(entries, "D1", null);
    expect([first.note, first.entries[1]?.serials]).toEqual([null, "D1"]);
    const strange = withScanned(first.entries, "X9", null);
    expect(strange.note).toContain("发货单上没有序列号 X9");
    expect(withScanned(strange.entries, "D1", null).note).toBe("D1 已在单上");
    const fans = strange.entries.map((entry, at) => (at === 0 ? { ...entry, quantity: "6" } : entry));
    expect(differences(fans)).toEqual(["风扇 M1 多出 1 个", "硬盘 M1 序列号不符：X9"]);
    expect(arriveArgs(fans).map((each) => [each.quantity, each.serials])).toEqual([
      [6, []],
      [0, ["D1", "X9"]],
    ]);
  });

  it("says what a line lacks", () => {
    const [entry] = arriveEntries(transfer([line("风扇", { part: "" })]));
    expect(entryLack(entry as never)).toContain("登记");
    expect(entryLack({ line: line("风扇"), serials: "", quantity: "x" })).toBe("请填写数量");
    expect(entryLack({ line: line("风扇"), serials: "", quantity: "" })).toBeNull();
  });

  it("expects what was asked for where nothing is known of a shipment", () => {
    const blind = arriveEntries(transfer([line("风扇", { shipped: 0, in_transit: 0 })]));
    expect(filledEntries(blind)[0]?.quantity).toBe("5");
  });
});
