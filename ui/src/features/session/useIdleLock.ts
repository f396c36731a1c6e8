import { onScopeDispose } from "vue";
import { toast } from "@/widgets/toasts";
import { changeSession, session } from "./session";

const WARN_MS = 30_000;
const CHECK_MS = 5_000;

/** Whether to lock, to warn, or to leave alone after `idleMs` without input. */
export function idleVerdict(idleMs: number, limitMinutes: number): "none" | "warn" | "lock" {
  if (limitMinutes <= 0) return "none";
  const limit = limitMinutes * 60_000;
  if (idleMs >= limit) return "lock";
  return idleMs >= limit - WARN_MS ? "warn" : "none";
}

/** Locks the session after the idle minutes of the settings, with a warning half a minute before. */
export function useIdleLock(): void {
  let last = Date.now();
  let warned = false;
  const seen = () => {
    last = Date.now();
    warned = false;
  };
  const check = () => {
    const verdict = idleVerdict(Date.now() - last, session.value?.idle_lock_minutes ?? 0);
    if (verdict === "lock") void changeSession("session.lock", {}).catch(() => undefined);
    if (verdict === "warn" && !warned) {
      warned = true;
      toast("30 秒后锁定屏幕，动一下鼠标或按任意键可继续。", { tone: "notice" });
    }
  };
  const events = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
  for (const name of events) window.addEventListener(name, seen, { passive: true });
  const timer = setInterval(check, CHECK_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    for (const name of events) window.removeEventListener(name, seen);
  });
}
