import { onScopeDispose } from "vue";
import { BURST_GAP_MS, type Burst, isScanning, NO_BURST, struck } from "./burst";
import { focusOf } from "./keys";

/** Returns false to let the next scope have the code. */
export type ScanHandler = (code: string) => unknown;

const scopes: ScanHandler[] = [];
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

function tell(code: string) {
  for (let at = scopes.length - 1; at >= 0; at--) if (scopes[at]?.(code) !== false) return;
}

function onKey(event: KeyboardEvent) {
  if (released.has(event) || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const begins = burst.text === "" || event.timeStamp - burst.at > BURST_GAP_MS;
  const scanning = isScanning(burst);
  const next = struck(burst, { key: event.key, at: event.timeStamp, repeat: event.repeat });
  burst = next.burst;
  if (next.code !== null) {
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(timer);
    held = [];
    restore();
    tell(next.code);
    return;
  }
  const { typing } = focusOf(event.target);
  const plain = /^[0-9A-Za-z]$/.test(event.key);
  if (!typing && (plain || (held.length > 0 && event.key.length === 1))) return hold(event);
  if (held.length > 0 && event.key !== "Shift") release();
  if (!typing || !begins || scanning) return;
  const box = event.target;
  field =
    box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement ? { box, before: box.value } : null;
}

let attached = false;

/**
 * Hears codes from a keyboard-wedge scanner while the calling component lives, wherever the focus is. The last
 * one registered is asked first. A code leaves no trace in the field that had the focus and fires no shortcut.
 */
export function useScanner(handler: ScanHandler): void {
  if (!attached) {
    attached = true;
    window.addEventListener("keydown", onKey, { capture: true });
  }
  scopes.push(handler);
  onScopeDispose(() => {
    const at = scopes.indexOf(handler);
    if (at >= 0) scopes.splice(at, 1);
  });
}
