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
const held: KeyboardEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
/** The field the burst goes to, as it was before. */
let field: { box: HTMLInputElement | HTMLTextAreaElement; before: string } | null = null;
const released = new WeakSet<Event>();

/** Lets a key kept back have its effect where the focus is now: a key before it may have opened a field. */
function strike(key: KeyboardEvent) {
  const at = document.activeElement ?? document.body;
  // The one way to type into a field as a person does: maxlength and undo hold.
  if (focusOf(at).typing) return document.execCommand("insertText", false, key.key);
  const again = new KeyboardEvent("keydown", key);
  released.add(again);
  at.dispatchEvent(again);
}

/** Lets the keys kept back have their effect one after another, with time for the screen to follow each. */
function release() {
  const key = held.shift();
  if (key) strike(key);
  wait(0);
}
function wait(ms: number) {
  clearTimeout(timer);
  if (held.length > 0) timer = setTimeout(release, ms);
}

function hold(event: KeyboardEvent) {
  event.preventDefault();
  event.stopImmediatePropagation();
  held.push(event);
  wait(BURST_GAP_MS);
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
  held.splice(-code.length);
  wait(0);
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
  if (scopes.length === 0 || released.has(event)) return;
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const begins = burst.text === "" || event.timeStamp - burst.at > BURST_GAP_MS;
  const next = struck(burst, { key: event.key, at: event.timeStamp, repeat: event.repeat });
  burst = next.burst;
  if (next.code !== null) return end(event, next.code);
  const { typing } = focusOf(event.target);
  if (begins) field = typing ? fieldOf(event.target) : null;
  const waits = held.length > 0;
  // A key held down is no scanner's, and what follows keys kept back comes after them.
  if (!event.repeat && (waits ? event.key.length === 1 : !typing && /^[0-9A-Za-z]$/.test(event.key)))
    return hold(event);
  if (waits && event.key !== "Shift") for (const key of held.splice(0)) strike(key);
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
