import { describe, expect, it } from "vitest";
import { findSensitive, idCardChecks } from "./sensitive";

describe("findSensitive", () => {
  it.each([
    ["报修人 11010519491231002X 已登记", ["身份证号"]],
    ["电话 13812345678", ["手机号"]],
    ["电话 138-1234-5678，车 桂A12345", ["手机号", "车牌号"]],
    ["新能源 桂AD12345", ["车牌号"]],
    ["警车 桂A1234警", ["车牌号"]],
    ["序列号 210235A2XYH190000123", []],
    ["IP 10.142.8.15 端口 13800", []],
    ["分机 8312，房间 B1204", []],
    ["订单 20251124138123456789", []],
  ])("%s", (text, expected) => expect(findSensitive(text)).toEqual(expected));

  it("knows the check digit", () => {
    expect(idCardChecks("11010519491231002X")).toBe(true);
    expect(idCardChecks("110105194912310021")).toBe(false);
  });
});
