import { expect, it } from "vitest";
import { base64Of, textOf } from "./files";

it("keeps every byte on the way through base64", async () => {
  const text = "E-1\t打不开\t=1+1\nE-2\t换硬盘";
  expect(textOf(await base64Of(new Blob([text])))).toBe(text);
  const long = "值".repeat(40_000);
  expect(textOf(await base64Of(new Blob([long])))).toBe(long);
});
