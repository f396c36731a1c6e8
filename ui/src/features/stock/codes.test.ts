import { expect, it } from "vitest";
import { code128, qrCode } from "./codes";

/** Left and right edges of the bars, in modules. */
const bars = (path: string) =>
  [...path.matchAll(/M([\d.]+) [\d.]+L([\d.]+)/g)].map((bar) => [Number(bar[1]) / 2, Number(bar[2]) / 2]);

it("draws Code 128 as ISO/IEC 15417 has it", async () => {
  const code = await code128("SN8F21");
  // Start B, six characters, check, stop: 8 × 11 + 13 modules.
  expect(code.modules).toBe(101);
  // Start B is 2 1 1 2 1 4, S is 2 1 3 1 1 3; the stop ends in a bar of two.
  expect(bars(code.path).slice(0, 4)).toEqual([
    [0, 2],
    [3, 4],
    [6, 7],
    [11, 13],
  ]);
  expect(bars(code.path).slice(-1)).toEqual([[99, 101]]);
});

it("draws a QR code in whole modules", async () => {
  const code = await qrCode("place/0192f3aa-4e0b-7c51-9e1d-2b6f8a7c0d11");
  expect(code.modules).toBe(code.width / 2);
  expect((code.modules - 17) % 4).toBe(0);
  expect(code.height).toBe(code.width);
});
