import { beforeEach, expect, it, vi } from "vitest";
import type { StepDto } from "@/generated/door";
import { call } from "@/platform";
import { bulkArgs, bulkReply, HOLD_MS, held, hold, takeBack } from "./bulk";

vi.mock("@/platform", () => ({ call: vi.fn() }));

const step: StepDto = {
  step: "transfer",
  name: "转派",
  key: "T",
  primary: false,
  fields: [
    { key: "to", label: "转给", kind: "user", required: false, choices: [] },
    { key: "reason", label: "原因", kind: "long_text", required: true, choices: [] },
  ],
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(call).mockReset();
  vi.mocked(call).mockResolvedValue({ results: [], message: "1 张都已办理", changed: [] } as never);
  takeBack();
});

it("says when it was asked for, unless another time was told", () => {
  const at = Date.parse("2025-11-24T14:20:00+08:00");
  const args = bulkArgs(["a", "b"], step, { to: "u1", reason: " 轮班 " }, "k", at);
  expect(args).toEqual({
    orders: ["a", "b"],
    step: "transfer",
    claimed_at: "2025-11-24T14:20:00+08:00",
    fields: { to: "u1", reason: "轮班" },
    idempotency_key: "k",
  });
  const told = bulkArgs(["a"], step, { claimed_at: "2025-11-24T09:00:00+08:00" }, "k", at);
  expect(told.claimed_at).toBe("2025-11-24T09:00:00+08:00");
});

it("writes nothing for ten seconds, and nothing at all when taken back", async () => {
  await hold(["a"], step, {});
  await vi.advanceTimersByTimeAsync(HOLD_MS - 1);
  expect(call).not.toHaveBeenCalled();
  expect(takeBack()?.args.orders).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(HOLD_MS);
  expect(call).not.toHaveBeenCalled();
  expect(held.value).toBeNull();
});

it("sends once after ten seconds, and the one before at once when another follows", async () => {
  await hold(["a"], step, {});
  await hold(["b"], step, {});
  expect(call).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(HOLD_MS + 1);
  expect(vi.mocked(call).mock.calls.map(([, args]) => (args as { orders: string[] }).orders)).toEqual([
    ["a"],
    ["b"],
  ]);
  expect(bulkReply.value?.message).toBe("1 张都已办理");
});
