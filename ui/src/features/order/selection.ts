/** Several orders chosen in a list, by id: a list that moves on keeps what was chosen. */
export interface Selection {
  /** Chosen ids in the order in which they were chosen. */
  ids: readonly string[];
  /** The id from which a range reaches. */
  anchor: string | null;
}

export const NONE_SELECTED: Selection = { ids: [], anchor: null };

/** Most orders of one bulk step. */
export const SELECTED_MAX = 200;

/** Chooses one, or no longer. */
export function toggled(selection: Selection, id: string): Selection {
  const ids = selection.ids.includes(id)
    ? selection.ids.filter((each) => each !== id)
    : [...selection.ids, id];
  return { ids: ids.slice(0, SELECTED_MAX), anchor: id };
}

/** Chooses all of these besides; the range reaches from where it began. */
export function extended(selection: Selection, range: readonly string[]): Selection {
  const more = range.filter((id) => !selection.ids.includes(id));
  const ids = [...selection.ids, ...more].slice(0, SELECTED_MAX);
  return { ids, anchor: selection.anchor ?? range[0] ?? null };
}

/** Indexes from one to another, both included, whichever comes first. */
export function between(from: number, to: number): number[] {
  const first = Math.min(from, to);
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => first + index);
}
