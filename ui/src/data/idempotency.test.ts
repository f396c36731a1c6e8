import { expect, it } from "vitest";
import { keyring } from "./idempotency";

it("keeps a key until what it was for is done", () => {
  const { keyOf, forget } = keyring();
  const key = keyOf("issue 1");
  expect(keyOf("issue 1")).toBe(key);
  expect(keyOf("issue 2")).not.toBe(key);
  forget();
  expect(keyOf("issue 1")).not.toBe(key);
});
