import { shallowRef } from "vue";

let offsetMs = 0;

/** "Now" of the console in milliseconds, ticking once a second. Every clock on screen reads it. */
export const now = shallowRef(Date.now());

/** Takes the console's "now" from a reply; a demo's clock may be months away from the PC's. */
export function noteNow(instant: string): void {
  const told = Date.parse(instant);
  if (Number.isNaN(told)) return;
  const offset = told - Date.now();
  // Replies carry whole seconds: follow only real differences, or clocks would jitter.
  if (Math.abs(offset - offsetMs) > 1500) {
    offsetMs = offset;
    now.value = Date.now() + offsetMs;
  }
}

/** Starts the tick, aligned to whole seconds. */
export function startTicking(): void {
  const tick = () => {
    now.value = Date.now() + offsetMs;
    setTimeout(tick, 1000 - (now.value % 1000));
  };
  tick();
}
