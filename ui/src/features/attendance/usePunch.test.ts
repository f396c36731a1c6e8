import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope } from "vue";
import { usePunch } from "./usePunch";

const own = { name: "王强", login: null, password: "" };

describe("usePunch", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function begun() {
    const send = vi.fn(async () => {});
    const scope = effectScope();
    const punch = scope.run(() => usePunch(send)) as ReturnType<typeof usePunch>;
    punch.begin(own);
    return { send, scope, punch };
  }

  it("writes after five seconds, once", () => {
    const { send, punch } = begun();
    punch.begin(own);
    vi.advanceTimersByTime(4900);
    expect(send).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(send).toHaveBeenCalledTimes(1);
    expect(punch.waiting.value).toBeNull();
  });

  it("writes nothing once taken back", () => {
    const { send, punch } = begun();
    expect(punch.undo()).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(send).not.toHaveBeenCalled();
    expect(punch.undo()).toBe(false);
  });

  it("writes at once when the page is left", () => {
    const { send, scope } = begun();
    scope.stop();
    expect(send).toHaveBeenCalledTimes(1);
  });
});
