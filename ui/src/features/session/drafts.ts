/**
 * Text not sent yet, kept in memory only, so that an idle lock loses nothing.
 * Dropped when another person takes the console.
 */
const drafts = new Map<string, string>();

export function draft(key: string): string {
  return drafts.get(key) ?? "";
}

export function keepDraft(key: string, text: string): void {
  if (text === "") drafts.delete(key);
  else drafts.set(key, text);
}

export function dropDrafts(): void {
  drafts.clear();
}
