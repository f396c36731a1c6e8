import { expect, it } from "vitest";
import { NO_BURST, struck } from "./burst";

/** Strikes keys `gap` ms apart and tells the codes that came of it. */
function codes(keys: string[], gap: number, repeat = false): string[] {
  let burst = NO_BURST;
  const found: string[] = [];
  keys.forEach((key, index) => {
    const next = struck(burst, { key, at: 1000 + index * gap, repeat });
    burst = next.burst;
    if (next.code !== null) found.push(next.code);
  });
  return found;
}

it("reads a code that comes at a scanner's pace", () => {
  expect(codes([..."SN8F21", "Enter"], 8)).toEqual(["SN8F21"]);
  expect(codes([..."SN8F21", "Enter"], 35)).toEqual(["SN8F21"]);
});

it("keeps the capitals a scanner makes with Shift", () => {
  expect(codes(["Shift", "S", "Shift", "N", "8", "-", "1", "Enter"], 5)).toEqual(["SN8-1"]);
});

it("takes nothing typed for a code", () => {
  expect(codes([..."SN8F21", "Enter"], 36)).toEqual([]);
  expect(codes([..."jj", "Enter"], 10)).toEqual([]);
});

it("takes no key that is held down for a code", () => {
  expect(codes([..."jjjjjj", "Enter"], 30, true)).toEqual([]);
});

it("forgets what stood before a pause, an arrow or another Enter", () => {
  expect(codes(["A", "B", "ArrowLeft", ..."1234", "Enter"], 5)).toEqual(["1234"]);
  expect(codes([..."1234", "Enter", ..."5678", "Enter"], 5)).toEqual(["1234", "5678"]);
  const typed = struck(NO_BURST, { key: "j", at: 0 }).burst;
  expect(struck(typed, { key: "k", at: 200 }).burst.text).toBe("k");
});
