import type { DraftDto } from "@/generated/door";
import { call } from "@/platform";

/**
 * Text not sent yet. Kept here for the screens and, shortly after, by the door in the encrypted store,
 * so that neither an idle lock nor a crash loses it. Dropped when another person takes the console.
 */
const drafts = new Map<string, string>();
const unsaved = new Set<string>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** How long to wait for more before a draft is written: a crash loses less than a sentence. */
const SAVE_MS = 400;

export function draft(key: string): string {
  return drafts.get(key) ?? "";
}

/** What was kept as JSON; null where there is none, or where another program wrote what cannot be read. */
export function keptDraft<T extends object>(key: string): T | null {
  try {
    const kept: unknown = JSON.parse(draft(key) || "null");
    return typeof kept === "object" ? (kept as T | null) : null;
  } catch {
    return null;
  }
}

export function keepDraft(key: string, text: string): void {
  if (draft(key) === text) return;
  if (text === "") drafts.delete(key);
  else drafts.set(key, text);
  unsaved.add(key);
  timer ??= setTimeout(() => void saveDrafts(), SAVE_MS);
}

/** Writes what has not been written. A draft the door refuses stays on screen: it is no loss yet. */
export async function saveDrafts(): Promise<void> {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  const keys = [...unsaved];
  unsaved.clear();
  await Promise.all(keys.map((key) => call("draft.keep", { key, text: draft(key) }).catch(() => null)));
}

/** What the store kept; what has been typed since stands. */
export function takeDrafts(kept: DraftDto[]): void {
  for (const { key, text } of kept) if (!drafts.has(key) && !unsaved.has(key)) drafts.set(key, text);
}

export function dropDrafts(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  unsaved.clear();
  drafts.clear();
}
