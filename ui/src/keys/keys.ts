/** Turning key events into names, and deciding when a shortcut may fire. */

type KeyLike = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing" | "keyCode"
>;

/** Keys of a Chinese input method that stand for the Latin one beneath them. */
const FULL_WIDTH: Record<string, string> = { "、": "/", "？": "?", "／": "/" };

/** `j`, `shift+n`, `ctrl+k`, `enter`, `esc`, `/`, `?`; null while an input method composes. */
export function keyName(event: KeyLike): string | null {
  if (event.isComposing || event.keyCode === 229 || event.key === "Process") return null;
  // With Shift a digit gives a sign that differs from keyboard to keyboard: the key itself is meant.
  const digit = event.shiftKey ? /^Digit(\d)$/.exec(event.code)?.[1] : undefined;
  if (digit)
    return [event.ctrlKey || event.metaKey ? "ctrl+" : "", event.altKey ? "alt+" : "", `shift+${digit}`].join(
      "",
    );
  const key = FULL_WIDTH[event.key] ?? event.key;
  const name = key === "Escape" ? "esc" : key === " " ? "space" : key.toLowerCase();
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key);
  const parts = [
    event.ctrlKey || event.metaKey ? "ctrl+" : "",
    event.altKey ? "alt+" : "",
    event.shiftKey && !isSign ? "shift+" : "",
  ];
  return parts.join("") + name;
}

/** Names that work even while a field has the focus. */
const ALWAYS = new Set(["ctrl+k", "esc", "ctrl+enter"]);

/** Whether a shortcut may fire with the focus where it is. */
export function mayFire(name: string, focus: { typing: boolean; activatable: boolean }): boolean {
  if (focus.typing) return ALWAYS.has(name);
  if (focus.activatable && (name === "enter" || name === "space")) return false;
  return true;
}

/** What kind of element has the focus. */
export function focusOf(target: EventTarget | null): { typing: boolean; activatable: boolean } {
  if (!(target instanceof HTMLElement)) return { typing: false, activatable: false };
  const typing =
    target.isContentEditable ||
    target.matches("input:not([type=checkbox]), textarea, select, [role=combobox]");
  const activatable =
    target.closest("button, a, summary, input[type=checkbox], [role=button], [role=radio], [role=switch]") !==
    null;
  return { typing, activatable };
}
