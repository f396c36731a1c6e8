/** Matching by words, number or pinyin initials. */

/** The words typed, in small letters. */
export function wordsOf(query: string): string[] {
  return query.trim().toLowerCase().split(/\s+/).filter(Boolean);
}

/** The items in whose text every word typed occurs somewhere, in their order. */
export function withWords<T>(query: string, items: readonly T[], textOf: (item: T) => string): T[] {
  const words = wordsOf(query);
  if (words.length === 0) return [...items];
  return items.filter((item) => {
    const text = textOf(item).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A thing that can be picked: its text, and the initials of its pinyin. */
export interface Matchable {
  text: string;
  initials: string;
}

/** How well a query fits, 0 for not at all. Starts beat middles, text beats initials beats scattered letters. */
export function score(query: string, item: Matchable): number {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return 1;
  const text = item.text.toLowerCase();
  const initials = item.initials.toLowerCase();
  if (text.startsWith(wanted)) return 100;
  if (initials.startsWith(wanted)) return 90;
  if (text.includes(wanted)) return 80;
  if (initials.includes(wanted)) return 70;
  const words = wordsOf(query);
  if (words.length > 1 && words.every((word) => text.includes(word) || initials.includes(word))) return 60;
  return scattered(wanted, initials) ? 30 : 0;
}

function scattered(letters: string, within: string): boolean {
  if (letters.length < 2) return false;
  let from = 0;
  for (const letter of letters) {
    const at = within.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

/** Items that fit, best first; the order given decides among equals. */
export function best<T extends Matchable>(query: string, items: readonly T[], limit = 50): T[] {
  return items
    .map((item, index) => ({ item, index, fit: score(query, item) }))
    .filter((entry) => entry.fit > 0)
    .sort((a, b) => b.fit - a.fit || a.index - b.index)
    .slice(0, limit)
    .map((entry) => entry.item);
}
