import { onScopeDispose } from "vue";
import { focusOf, keyName, mayFire } from "./keys";

/** Returns false to let the next scope have the key. */
export type KeyHandler = (event: KeyboardEvent) => unknown;

interface Scope {
  keys: () => Record<string, KeyHandler>;
  modal: boolean;
  overFields: boolean;
}

const scopes: Scope[] = [];

function dispatch(event: KeyboardEvent): void {
  const name = event.defaultPrevented ? null : keyName(event);
  if (name === null) return;
  // The key before this one may have opened a field: then this one is text of it.
  const target = focusOf(event.target).typing ? event.target : document.activeElement;
  const focus = focusOf(target);
  if (!mayFire(name, focus)) return;
  const leaveField = name === "esc" && focus.typing;
  for (let i = scopes.length - 1; i >= 0; i--) {
    const scope = scopes[i];
    // Esc in a field leaves the field first, unless the scope owns the field.
    const handler = leaveField && !scope?.overFields ? undefined : scope?.keys()[name];
    if (handler && handler(event) !== false) {
      event.preventDefault();
      return;
    }
    if (scope?.modal && !leaveField) return;
  }
  if (leaveField && target instanceof HTMLElement) target.blur();
}

/** Takes the focus off the button or link that was pressed last, so that Enter acts where the keys move. */
export function letGo(): void {
  const held = document.activeElement;
  if (held instanceof HTMLElement && focusOf(held).activatable) held.blur();
}

let attached = false;

/** Registers shortcuts while the calling component lives. The last one registered is asked first. */
export function useKeys(
  keys: () => Record<string, KeyHandler>,
  options: { modal?: boolean; overFields?: boolean } = {},
): void {
  if (!attached) {
    attached = true;
    window.addEventListener("keydown", dispatch);
  }
  const scope: Scope = { keys, modal: options.modal ?? false, overFields: options.overFields ?? false };
  scopes.push(scope);
  onScopeDispose(() => {
    const at = scopes.indexOf(scope);
    if (at >= 0) scopes.splice(at, 1);
  });
}
