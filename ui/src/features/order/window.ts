/** Which pages of a long list are needed, and moving through it. */

export const PAGE = 100;

/** Page numbers that cover rows `first` to `last`, both included. */
export function pagesFor(first: number, last: number, total: number | null): number[] {
  const end = total === null ? last : Math.min(last, total - 1);
  if (end < 0) return [0];
  const from = Math.floor(Math.max(0, first) / PAGE);
  const to = Math.floor(Math.max(0, end) / PAGE);
  return Array.from({ length: Math.max(0, to - from) + 1 }, (_, index) => from + index);
}

/** The row after moving `by` from `at`; stays inside, starts at an end when nothing is chosen. */
export function moved(at: number, by: number, total: number): number {
  if (total === 0) return -1;
  if (at < 0) return by > 0 ? 0 : total - 1;
  return Math.min(total - 1, Math.max(0, at + by));
}

/** The next of `items` after `current`, going round. */
export function turned<T>(items: readonly T[], current: T, by: number): T {
  const index = items.indexOf(current);
  const next = items[(index + by + items.length) % items.length];
  return next ?? current;
}
