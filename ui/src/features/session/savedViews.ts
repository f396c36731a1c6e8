import type { SavedViewDto } from "@/generated/door";

/** What a list shows, as its address holds it. */
export type ListFilter = Readonly<Record<string, string | null | undefined>>;

/** What of a filter a saved view keeps: what is set, as text. */
export function viewQuery(filter: ListFilter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

/** Whether a saved view is what is on screen. */
export function isShown(view: SavedViewDto, filter: ListFilter): boolean {
  const now = viewQuery(filter);
  const keys = new Set([...Object.keys(now), ...Object.keys(view.query)]);
  return [...keys].every((key) => now[key] === view.query[key]);
}

/** The list with one entry moved; at its ends it stays. */
export function movedView(views: readonly SavedViewDto[], at: number, by: number): SavedViewDto[] {
  const to = at + by;
  const moved = views[at];
  if (!moved || to < 0 || to >= views.length) return [...views];
  const rest = views.filter((_, index) => index !== at);
  return [...rest.slice(0, to), moved, ...rest.slice(to)];
}

/** Saves under a name, in place of the one of that name. */
export function savedAs(
  views: readonly SavedViewDto[],
  list: string,
  name: string,
  filter: ListFilter,
): SavedViewDto[] {
  const view = { list, name: name.trim(), query: viewQuery(filter) };
  return views.some((each) => each.name === view.name)
    ? views.map((each) => (each.name === view.name ? view : each))
    : [...views, view];
}
