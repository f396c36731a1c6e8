import { computed, shallowRef } from "vue";
import { now } from "@/data/now";
import type { DoorError } from "@/generated/door";
import { waitText } from "./password";

/** One try at something that can fail: busy, the error, and a countdown after too many failures. */
export function useAttempt() {
  const busy = shallowRef(false);
  const error = shallowRef<DoorError | null>(null);
  const blockedUntil = shallowRef(0);
  const blockedSeconds = computed(() => Math.max(0, Math.ceil((blockedUntil.value - now.value) / 1000)));
  const blockedText = computed(() => (blockedSeconds.value > 0 ? waitText(blockedSeconds.value) : null));

  async function attempt(run: () => Promise<unknown>): Promise<boolean> {
    if (busy.value || blockedSeconds.value > 0) return false;
    busy.value = true;
    error.value = null;
    try {
      await run();
      return true;
    } catch (thrown) {
      error.value = thrown as DoorError;
      const wait = error.value.retry_after_seconds;
      if (wait) blockedUntil.value = now.value + wait * 1000;
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, blockedText, attempt };
}
