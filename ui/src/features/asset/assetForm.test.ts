import { describe, expect, it } from "vitest";
import { addressesOf, cardOf, dateTyped, draftOf } from "./assetForm";
import { assetLabels } from "./labels";
import { coverText } from "./words";

describe("the card of a device", () => {
  it("reads dates as people type them and leaves what is none", () => {
    for (const typed of ["2025-01-05", "2025.1.5", "2025/1/5", "20250105", "2025年1月5日"])
      expect(dateTyped(typed)).toBe("2025-01-05");
    expect(dateTyped("明年")).toBe("明年");
    expect(dateTyped("")).toBe("");
  });

  it("takes one piece where the number is none", () => {
    expect(cardOf({ ...draftOf(null), quantity: "一" }).quantity).toBe(1);
    expect(cardOf({ ...draftOf(null), quantity: "12", since: "2025.1.5" })).toMatchObject({
      quantity: 12,
      since: "2025-01-05",
    });
  });

  it("sends addresses only where they changed", () => {
    expect(addressesOf({ ip: " 10.0.0.1 ", mac: "" }, { ip: "10.0.0.1", mac: "" })).toBeNull();
    expect(addressesOf({ ip: "", mac: "" }, null)).toBeNull();
    expect(addressesOf({ ip: "", mac: "" }, { ip: "10.0.0.1", mac: "" })).toEqual({ ip: "", mac: "" });
  });

  it("says how long a cover lasts", () => {
    expect(coverText({ cover: "soon", cover_days: 47 })).toBe("剩 47 天");
    expect(coverText({ cover: "soon", cover_days: 0 })).toBe("今天到期");
    expect(coverText({ cover: "expired", cover_days: -3 })).toBe("已过 3 天");
    expect(coverText({ cover: "unknown", cover_days: null })).toBe("未填");
  });

  it("puts the serial number on a label, else the id", () => {
    const row = {
      id: "asset/1",
      name: "交换机",
      model: "S5720",
      maker: "",
      serial: "SN-1",
      spot: "三楼 A03",
    };
    const [numbered, plain] = assetLabels([row, { ...row, serial: "" }]);
    expect(numbered).toMatchObject({ code: "SN-1", plain: "SN-1", lines: ["S5720", "三楼 A03"] });
    expect(plain).toMatchObject({ code: "asset/1", plain: "" });
  });
});
