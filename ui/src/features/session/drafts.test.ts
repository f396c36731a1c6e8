import { beforeEach, expect, it, vi } from "vitest";
import { call } from "@/platform";
import { draft, dropDrafts, keepDraft, keptDraft, saveDrafts, takeDrafts } from "./drafts";

vi.mock("@/platform", () => ({ call: vi.fn() }));
const kept = () => vi.mocked(call).mock.calls.map(([, args]) => args);

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(call).mockReset();
  vi.mocked(call).mockResolvedValue({} as never);
  dropDrafts();
});

it("writes what was typed once, shortly after", async () => {
  keepDraft("a", "换");
  keepDraft("a", "换了网线");
  expect(call).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(400);
  expect(kept()).toEqual([{ key: "a", text: "换了网线" }]);
  keepDraft("a", "");
  await saveDrafts();
  expect(kept()[1]).toEqual({ key: "a", text: "" });
});

it("takes what the store kept, but not over what has been typed since", () => {
  keepDraft("a", "新");
  takeDrafts([
    { key: "a", text: "旧" },
    { key: "b", text: "备注" },
  ]);
  expect([draft("a"), draft("b")]).toEqual(["新", "备注"]);
});

it("reads a kept form, but nothing that is none", () => {
  keepDraft("a", '{"title":"打不开"}');
  keepDraft("b", "{half");
  keepDraft("c", "7");
  expect(["a", "b", "c", "d"].map((key) => keptDraft(key))).toEqual([{ title: "打不开" }, null, null, null]);
});

it("writes nothing for another person", async () => {
  keepDraft("a", "换了网线");
  dropDrafts();
  await vi.advanceTimersByTimeAsync(1000);
  expect(call).not.toHaveBeenCalled();
  expect(draft("a")).toBe("");
});
