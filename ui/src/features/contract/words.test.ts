import { describe, expect, it } from "vitest";
import type { RuleItem } from "@/generated/door";
import { findRules, groupRules, spanText, tabOf } from "./words";

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
  });
});

describe("words", () => {
  it("name a span by what is known of it", () => {
    expect(spanText("2024-07-27", null)).toBe("2024-07-27 起");
    expect(spanText(null, null)).toBeNull();
  });
  it("know the tab", () => {
    expect(tabOf("rows")).toBe("rows");
    expect(tabOf(undefined)).toBe("overview");
  });
});
