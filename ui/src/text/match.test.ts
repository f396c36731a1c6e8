import { describe, expect, it } from "vitest";
import { best, score, withWords } from "./match";

const orders = { text: "工单", initials: "gd" };
const mine = { text: "我的工单", initials: "wdgd" };
const sync = { text: "立即同步", initials: "ljtb" };

describe("match", () => {
  it("finds by text, initials and scattered letters", () => {
    expect(score("工单", orders)).toBe(100);
    expect(score("GD", orders)).toBe(90);
    expect(score("gd", mine)).toBe(70);
    expect(score("lt", sync)).toBe(30);
    expect(score("xyz", sync)).toBe(0);
  });

  it("puts the better fit first and keeps the given order among equals", () => {
    expect(best("gd", [mine, orders, sync])).toEqual([orders, mine]);
    expect(best("", [mine, orders])).toEqual([mine, orders]);
  });

  it("keeps what holds every word, whatever the case", () => {
    const posts = ["P02 驻场工程师", "P03 项目经理", "P12 驻场运维"];
    const found = (query: string) => withWords(query, posts, (post) => post);
    expect(found(" p  驻场 ")).toEqual(["P02 驻场工程师", "P12 驻场运维"]);
    expect(found("p02 经理")).toEqual([]);
    expect(found("  ")).toEqual(posts);
  });

  it("finds words in any order", () => {
    expect(score("系统 5.2", { text: "5.2 公安JCZCK系统", initials: "5.2gajczckxt" })).toBe(60);
  });
});
