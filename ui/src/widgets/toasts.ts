import { shallowRef } from "vue";

export interface Toast {
  id: number;
  tone: "ok" | "notice" | "late";
  text: string;
  detail: string | null;
  act: { label: string; run: () => void } | null;
}

export const toasts = shallowRef<Toast[]>([]);
let nextId = 1;

const TOASTS_MAX = 4;
const SHOWN_MS = 5000;
const SHOWN_LONG_MS = 12_000;

/** Shows a short message in the corner. */
export function toast(
  text: string,
  more: { tone?: Toast["tone"]; detail?: string; act?: Toast["act"] } = {},
): void {
  const id = nextId++;
  const entry: Toast = {
    id,
    tone: more.tone ?? "ok",
    text,
    detail: more.detail ?? null,
    act: more.act ?? null,
  };
  toasts.value = [...toasts.value, entry].slice(-TOASTS_MAX);
  setTimeout(() => dropToast(id), entry.tone === "ok" ? SHOWN_MS : SHOWN_LONG_MS);
}

export function dropToast(id: number): void {
  toasts.value = toasts.value.filter((entry) => entry.id !== id);
}
