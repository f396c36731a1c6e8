import { describe, expect, it } from "vitest";
import type { ContractView, ObjectItem, RuleItem } from "@/generated/door";
import { findRules, groupRules, objectText, periodText, sizeText, tabOf } from "./words";

const rule = (id: string, level: string | null, applies_to: string, text = ""): RuleItem => ({
  id,
  level,
  applies_to,
  text,
  targets: [{ target: "response", name: "响应", limit_text: "15分钟", starts_text: "自报修起" }],
  window: null,
  note: null,
  source: "001:52",
  open_orders: 0,
});
const rules = [
  rule("L2", "2", "全项目"),
  rule("E-1h-24h", null, "5.1-5.12", "必须在1小时内做出响应"),
  rule("L1", "1", "全项目"),
  rule("BIG", "重大故障", "5.1-5.12"),
];
const shape = (by: "object" | "level") =>
  groupRules(rules, by).map((group) => `${group.name}: ${group.rules.map((each) => each.id)}`);

describe("rules", () => {
  it("keep the document's order by object", () =>
    expect(shape("object")).toEqual(["全项目: L2,L1", "5.1-5.12: E-1h-24h,BIG"]));

  it("put the heaviest level first and no level last", () =>
    expect(shape("level")).toEqual(["1 级: L1", "2 级: L2", "重大故障: BIG", "不分级: E-1h-24h"]));

  it("are found by every word", () => {
    expect(findRules(rules, "5.1 1小时").map((each) => each.id)).toEqual(["E-1h-24h"]);
    expect(findRules(rules, "  ")).toHaveLength(4);
    expect(findRules(rules, "响应 15分钟")).toHaveLength(4);
    expect(findRules(rules, "001:52")).toHaveLength(4);
    const noted = { ...rule("L3", "3", "全项目"), note: "自接到服务请求起算", window: "工作时间以外" };
    expect(findRules([...rules, noted], "服务请求 以外")).toEqual([noted]);
  });
});

const object = (no: string, division: string | null): ObjectItem => ({
  no,
  name: "门户",
  division,
  class: "core",
  users: null,
  from: null,
  to: null,
  note: null,
  rules: [],
  source: "001:52",
});

describe("objects", () => {
  const view = (...objects: ObjectItem[]) => ({ objects, rules, posts: [] as unknown }) as ContractView;

  it("are counted with their divisions, called what the contract calls them", () => {
    expect(sizeText(view(object("1", "A总队"), object("2", "A总队"), object("3", "B总队")))).toBe(
      "2 个总队、3 个对象、4 条时限规则",
    );
    expect(sizeText(view(object("1", "市政协")))).toBe("1 个单位、1 个对象、4 条时限规则");
    expect(sizeText(view(object("1", null)))).toBe("1 个对象、4 条时限规则");
  });

  it("are found by number, name, division and class", () =>
    expect(objectText(object("5.2", "E总队"))).toBe("5.2 门户 E总队 核心"));
});

describe("words", () => {
  it("name a span by what is known of it", () => {
    expect(periodText("2024-07-27", null)).toBe("2024-07-27 起");
    expect(periodText("2024-07-27", "2025-12-31")).toBe("2024-07-27 至 2025-12-31");
    expect(periodText(null, "2025-12-31")).toBe("至 2025-12-31");
    expect(periodText(null, null)).toBeNull();
  });
  it("know the tab", () => {
    expect(tabOf("rows")).toBe("rows");
    expect(tabOf(undefined)).toBe("overview");
  });
});
