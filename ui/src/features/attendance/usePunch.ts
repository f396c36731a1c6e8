import { onScopeDispose, ref } from "vue";

/** Seconds in which a punch can be taken back before it is written. */
export const UNDO_SECONDS = 5;

export interface WaitingPunch {
  /** Shown large: whose punch it is. */
  name: string;
  login: string | null;
  password: string;
}

/**
 * A punch waits five seconds before it is written, so that no event has to be taken back. Leaving the page
 * writes it at once: who punched and walked away has punched.
 */
export function usePunch(send: (punch: WaitingPunch) => Promise<void>) {
  const waiting = ref<WaitingPunch | null>(null);
  const left = ref(0);
  let timer: ReturnType<typeof setInterval> | null = null;

  function stop() {
    if (timer !== null) clearInterval(timer);
    timer = null;
  }
  function write() {
    stop();
    const punch = waiting.value;
    waiting.value = null;
    if (punch) void send(punch);
  }
  function begin(punch: WaitingPunch) {
    if (waiting.value) return;
    waiting.value = punch;
    left.value = UNDO_SECONDS;
    timer = setInterval(() => {
      left.value -= 1;
      if (left.value <= 0) write();
    }, 1000);
  }
  /** Takes it back; false where nothing waits. */
  function undo(): boolean {
    stop();
    const was = waiting.value !== null;
    waiting.value = null;
    return was;
  }
  onScopeDispose(write);
  return { waiting, left, begin, undo };
}
