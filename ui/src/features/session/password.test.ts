import { expect, it } from "vitest";
import { passwordLack, waitText } from "./password";

it("asks for ten characters of three kinds", () => {
  expect(passwordLack("Abc1")).toBe("至少 10 位，还差 6 位");
  expect(passwordLack("abcdefghij")).toContain("三类");
  expect(passwordLack("Abcdefghi1")).toBeNull();
  expect(passwordLack("abcdefgh1!")).toBeNull();
});

it("counts down", () => expect(waitText(245)).toBe("4:05"));
