import { describe, expect, it } from "vitest";
import { marks } from "./marks";

const shown = (text: string, query: string) =>
  marks(text, query)
    .map((part) => (part.hit ? `[${part.text}]` : part.text))
    .join("");

describe("marks", () => {
  it("marks every place, whatever the case", () => {
    expect(shown("硬盘故障，更换硬盘", "硬盘")).toBe("[硬盘]故障，更换[硬盘]");
    expect(shown("VIP用户申报", "vip 用户")).toBe("[VIP][用户]申报");
  });

  it("takes signs as they are", () => {
    expect(shown("7*8h 与 7*12h（09:00）", "7*12h（")).toBe("7*8h 与 [7*12h（]09:00）");
    expect(shown("没有", "")).toBe("没有");
    expect(shown("没有", "  ")).toBe("没有");
  });

  it("marks the longer of two words that begin alike", () => {
    expect(shown("硬盘故障", "硬 硬盘")).toBe("[硬盘]故障");
  });
});
