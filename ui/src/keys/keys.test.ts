import { describe, expect, it } from "vitest";
import { keyName, mayFire } from "./keys";

const press = (key: string, more: Partial<Parameters<typeof keyName>[0]> = {}) =>
  keyName({
    key,
    code: "",
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    keyCode: 0,
    ...more,
  });

describe("keyName", () => {
  it("names keys", () => {
    expect(press("j")).toBe("j");
    expect(press("J")).toBe("j");
    expect(press("N", { shiftKey: true })).toBe("shift+n");
    expect(press("k", { ctrlKey: true })).toBe("ctrl+k");
    expect(press("?", { shiftKey: true })).toBe("?");
    expect(press("!", { shiftKey: true, code: "Digit1" })).toBe("shift+1");
    expect(press("1", { code: "Digit1" })).toBe("1");
    expect(press("Escape")).toBe("esc");
  });

  it("reads full-width signs of a Chinese input method", () => {
    expect(press("、")).toBe("/");
    expect(press("？", { shiftKey: true })).toBe("?");
  });

  it("is silent while an input method composes", () => {
    expect(press("j", { isComposing: true })).toBeNull();
    expect(press("j", { keyCode: 229 })).toBeNull();
    expect(press("Process")).toBeNull();
  });
});

describe("mayFire", () => {
  it("leaves typing alone", () => {
    const typing = { typing: true, activatable: false };
    expect(mayFire("j", typing)).toBe(false);
    expect(mayFire("?", typing)).toBe(false);
    expect(mayFire("ctrl+k", typing)).toBe(true);
    expect(mayFire("esc", typing)).toBe(true);
  });

  it("leaves Enter to a focused button", () => {
    const button = { typing: false, activatable: true };
    expect(mayFire("enter", button)).toBe(false);
    expect(mayFire("j", button)).toBe(true);
  });
});
