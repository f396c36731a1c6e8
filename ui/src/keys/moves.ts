/** Where a key leads in a list. */

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
