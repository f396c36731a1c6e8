import { onScopeDispose } from "vue";
import { BURST_GAP_MS, type Burst, NO_BURST, struck } from "./burst";
import { focusOf } from "./keys";

/** Returns false to let the next scope have the code. */
export type ScanHandler = (code: string) => unknown;

interface Scope {
  handler: ScanHandler;
  accepts: (target: EventTarget | null) => boolean;
}

const scopes: Scope[] = [];
let burst: Burst = NO_BURST;
/** Single keys outside fields, kept back until it is clear that no scanner sends them: they may be shortcuts. */
let held: KeyboardEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
/** The field the burst goes to, as it was before. */
let field: { box: HTMLInputElement | HTMLTextAreaElement; before: string } | null = null;
const released = new WeakSet<Event>();

/** Lets the keys kept back have their effect. */
function release() {
  clearTimeout(timer);
  const keys = held;
  held = [];
  for (const key of keys) {
    const again = new KeyboardEvent("keydown", key);
    released.add(again);
    (key.target ?? window).dispatchEvent(again);
  }
}

function hold(event: KeyboardEvent) {
  event.preventDefault();
  event.stopImmediatePropagation();
  held.push(event);
  clearTimeout(timer);
  timer = setTimeout(release, BURST_GAP_MS);
}

/** Takes what a scanner typed out of the field it happened to be in. */
function restore() {
  if (!field) return;
  field.box.value = field.before;
  field.box.dispatchEvent(new Event("input", { bubbles: true }));
  field = null;
}

/** A whole code came. Where nobody wants it, it is what it looks like: text in a field. */
function end(event: KeyboardEvent, code: string) {
  const wanted = scopes.filter((scope) => scope.accepts(event.target)).reverse();
  clearTimeout(timer);
  held = [];
  if (wanted.length === 0 && focusOf(event.target).typing) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  restore();
  for (const scope of wanted) if (scope.handler(code) !== false) return;
}

const fieldOf = (target: EventTarget | null): typeof field =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
    ? { box: target, before: target.value }
    : null;

function onKey(event: KeyboardEvent) {
  if (released.has(event) || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const begins = burst.text === "" || event.timeStamp - burst.at > BURST_GAP_MS;
  const next = struck(burst, { key: event.key, at: event.timeStamp, repeat: event.repeat });
  burst = next.burst;
  if (next.code !== null) return end(event, next.code);
  const { typing } = focusOf(event.target);
  if (begins) field = typing ? fieldOf(event.target) : null;
  const plain = /^[0-9A-Za-z]$/.test(event.key);
  if (!typing && (plain || (held.length > 0 && event.key.length === 1))) hold(event);
  else if (held.length > 0 && event.key !== "Shift") release();
}

let attached = false;

/**
 * Hears codes from a keyboard-wedge scanner while the calling component lives, wherever the focus is. The last
 * one registered is asked first. A code leaves no trace in the field that had the focus and fires no shortcut.
 * `accepts` may leave codes to the element that has the focus.
 */
export function useScanner(handler: ScanHandler, accepts: Scope["accepts"] = () => true): void {
  if (!attached) {
    attached = true;
    window.addEventListener("keydown", onKey, { capture: true });
  }
  const scope = { handler, accepts };
  scopes.push(scope);
  onScopeDispose(() => {
    const at = scopes.indexOf(scope);
    if (at >= 0) scopes.splice(at, 1);
  });
}
