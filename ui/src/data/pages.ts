/** Which pages of a long list are needed. */

export const PAGE = 100;

/** Page numbers that cover rows `first` to `last`, both included. */
export function pagesFor(first: number, last: number, total: number | null): number[] {
  const end = total === null ? last : Math.min(last, total - 1);
  if (end < 0) return [0];
  const from = Math.floor(Math.max(0, first) / PAGE);
  const to = Math.floor(Math.max(0, end) / PAGE);
  return Array.from({ length: Math.max(0, to - from) + 1 }, (_, index) => from + index);
}
