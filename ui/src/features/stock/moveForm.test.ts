import { describe, expect, it } from "vitest";
import {
  afterwards,
  headLacks,
  likelyPlace,
  lineLack,
  mostAt,
  moveArgs,
  NEW_HEAD,
  newLine,
  placeItems,
  quantityOf,
  refusedLine,
  SHAPES,
  serialsOf,
  shapeOf,
  withScan,
} from "./moveForm";
import { part, place } from "./testParts";

const places = [place("主库"), place("2号柜", "cabinet"), place("厂家", "vendor"), place("借用", "loan")];
const balance = (id: string, quantity: number, owner = "supplier") => ({
  part: "part/1",
  part_name: "硬盘",
  unit: "块",
  place: id,
  place_name: id,
  place_kind: "store",
  owner,
  quantity,
});
const line = (given = {}) => newLine({ part: part(), balances: [balance("主库", 3)], ...given });
const head = (given = {}) => ({ ...NEW_HEAD, ...given });

describe("quantityOf", () => {
  it("reads quantities as people write them", () => {
    expect(quantityOf(line({ quantity: "4" }))).toBe(4);
    expect(quantityOf(line({ quantity: "" }))).toBe(1);
    for (const bad of ["0", "-2", "1.5", "abc"]) expect(quantityOf(line({ quantity: bad }))).toBeNull();
  });
  it("takes a sign only where one belongs", () => {
    expect(quantityOf(line({ quantity: "−2" }), true)).toBe(-2);
    expect(quantityOf(line({ quantity: "+2" }), true)).toBe(2);
    expect(quantityOf(line({ quantity: "" }), true)).toBeNull();
  });
  it("counts serial numbers, each once", () => {
    const serial = part({ tracking: "serial" });
    expect(quantityOf(line({ part: serial, serials: "A1 A2，A1\nA3", quantity: "9" }))).toBe(3);
    expect(quantityOf(line({ part: serial }))).toBeNull();
    expect(serialsOf("A1;A2、A1\n")).toEqual(["A1", "A2"]);
  });
});

describe("afterwards", () => {
  const text = (kind: string, given = {}, more = {}) =>
    afterwards(line(more), head({ kind, from: "主库", to: "主库", ...given }), places)?.text;
  it("tells what there will be, in all and at the places", () => {
    expect(text("received", {}, { quantity: "2" })).toBe("现存 3 → 5 块；主库 3 → 5");
    expect(text("transferred", { to: "2号柜" }, { quantity: "2" })).toBe(
      "现存 3 → 3 块；主库 3 → 1；2号柜 0 → 2",
    );
    expect(text("sent_to_repair", { to: "厂家" }, { quantity: "1" })).toBe(
      "现存 3 → 2 块；主库 3 → 2；厂家 0 → 1",
    );
    expect(text("given_back", { from: "借用" }, { quantity: "1" })).toBe(
      "现存 3 → 4 块；借用 0 → −1；主库 3 → 4",
    );
  });
  it("tells when a place falls below zero, and only then", () => {
    const below = (quantity: string, owner = "supplier") =>
      afterwards(line({ quantity }), head({ kind: "transferred", from: "主库", to: "2号柜", owner }), places)
        ?.below;
    expect(below("3")).toBe(false);
    expect(below("4")).toBe(true);
    expect(below("1", "buyer")).toBe(true);
    const up = line({ quantity: "1", balances: [balance("主库", -2)] });
    expect(afterwards(up, head({ kind: "received", to: "主库" }), places)?.below).toBe(false);
  });
  it("is silent while something is missing", () => {
    expect(text("transferred", { from: "", to: "" })).toBeUndefined();
    expect(afterwards(line({ balances: null }), head({ to: "主库" }), places)).toBeNull();
  });
});

describe("what is missing", () => {
  it("is told by field, as the kind asks", () => {
    expect(headLacks(head({ kind: "received" }))).toEqual({ to: "请选择放到哪里" });
    expect(Object.keys(headLacks(head({ kind: "borrowed" })))).toEqual(["from", "to", "custodian"]);
    expect(headLacks(head({ kind: "transferred", from: "a", to: "a" })).to).toBe("与移出的库位相同");
    expect(headLacks(head({ kind: "corrected", to: "a" })).reason).toBe("请写明原因");
    expect(headLacks(head({ kind: "received", to: "a", at: undefined })).at).toBe("看不懂这个时间");
  });
  it("is told of a line", () => {
    expect(lineLack(newLine(), shapeOf("received"))).toBe("请选择备件");
    expect(lineLack(line({ part: part({ tracking: "serial" }) }), shapeOf("received"))).toBe(
      "请扫描或输入序列号",
    );
    expect(lineLack(line({ part: part({ tracking: "batch" }) }), shapeOf("received"))).toBe("请填写批次");
    expect(lineLack(line({ quantity: "1" }), shapeOf("received"))).toBeNull();
  });
});

describe("withScan", () => {
  const serial = part({ tracking: "serial" });
  const hit = (serialNo = "") => ({ kind: "serial", id: "part/1", title: "", serial: serialNo, place: null });
  it("gathers serial numbers of a model on one line", () => {
    const one = withScan([newLine()], hit("A1"), serial);
    expect(one.lines.map((each) => each.serials)).toEqual(["A1"]);
    const two = withScan(one.lines, hit("A2"), serial);
    expect(two.lines.map((each) => each.serials)).toEqual(["A1 A2"]);
    const again = withScan(two.lines, hit("A2"), serial);
    expect(again.lines.map((each) => each.serials)).toEqual(["A1 A2"]);
    expect(again.note).toBe("A2 已在单上");
  });
  it("counts a model without serial numbers up", () => {
    const one = withScan([newLine()], hit(), part());
    expect(withScan(one.lines, hit(), part()).lines.map((each) => each.quantity)).toEqual(["2"]);
  });
  it("keeps lines of other models", () => {
    const other = newLine({ part: part({ id: "part/2" }), quantity: "4" });
    expect(withScan([other], hit(), part()).lines.map((each) => each.quantity)).toEqual(["4", "1"]);
  });
});

it("offers the likely places first", () => {
  expect(placeItems(places, ["vendor"]).map((each) => each.value)).toEqual(["厂家", "主库", "2号柜", "借用"]);
  expect(placeItems([place("旧库", "store", { closed: true }), place("坏件", "removed")], [])).toEqual([]);
  expect(likelyPlace(places, ["vendor"])).toBe("厂家");
  expect(likelyPlace(places, ["store", "cabinet"])).toBe("主库");
  expect(likelyPlace([...places, place("厂家二", "vendor")], ["vendor"])).toBe("");
});

it("finds where most of a model lies", () => {
  const balances = [balance("主库", 3), balance("厂家", 9), balance("2号柜", 5, "buyer")];
  expect(mostAt(balances, places, ["store", "cabinet"])).toMatchObject({ place: "2号柜", owner: "buyer" });
  expect(mostAt(balances, places, ["vendor"])?.place).toBe("厂家");
  expect(mostAt([balance("主库", -2)], places, ["store"])).toBeNull();
});

it("sends only what the kind has", () => {
  const made = moveArgs(
    "s",
    head({ from: "x", to: "主库", custodian: "u1", due: "2025-12-01" }),
    [line(), line({ quantity: "4" })],
    "k",
  );
  expect(made.lines.map((each) => each.quantity)).toEqual([1, 4]);
  expect(made).toMatchObject({
    kind: "received",
    from: null,
    to: "主库",
    custodian: null,
    due: null,
  });
  expect(SHAPES.map((shape) => shape.kind)).toHaveLength(new Set(SHAPES.map((shape) => shape.kind)).size);
});

it("finds the line a refusal is about", () => {
  expect(["lines.12.serials", "lines", "from", null].map(refusedLine)).toEqual([12, null, null, null]);
});
