import { onScopeDispose } from "vue";

/** Follows an event of the window while the calling component lives. */
export function useWindow<E extends keyof WindowEventMap>(name: E, act: (event: WindowEventMap[E]) => void) {
  window.addEventListener(name, act);
  onScopeDispose(() => window.removeEventListener(name, act));
}
