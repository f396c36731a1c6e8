import { describe, expect, it } from "vitest";
import { callAt } from "./fromCall";

describe("an order that comes of a call", () => {
  it("takes what the form knows and nothing else", () => {
    const state = JSON.stringify({
      hotline: "hotline/1",
      title: "打不开",
      reported_at: null,
      dispatch_to: "u1",
    });
    expect(callAt(state)).toEqual({ id: "hotline/1", values: { title: "打不开" } });
  });
  it("is none where the history holds something else", () => {
    for (const state of [undefined, null, 7, "x", "{}", "[]", '{"hotline":1}'])
      expect(callAt(state)).toBeNull();
  });
});
