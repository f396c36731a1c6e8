/** Who holds what, and how it is changed: plain values, never changed in place. */

/** `date/post` → people, sorted. A key without people is not there. */
export type Cells = ReadonlyMap<string, readonly string[]>;
const NONE: readonly string[] = [];

/** What is edited: the holders, and which of them are pinned. */
export interface Month {
  people: Cells;
  pins: Cells;
}
export type Layer = keyof Month;

/** One step of an edit: who comes into a cell and who leaves it. */
export interface Change {
  layer: Layer;
  date: string;
  post: string;
  added: readonly string[];
  removed: readonly string[];
}

export const cellKey = (date: string, post: string) => `${date}/${post}`;
export const splitKey = (key: string): [date: string, post: string] => {
  const at = key.indexOf("/");
  return [key.slice(0, at), key.slice(at + 1)];
};
export const holders = (cells: Cells, date: string, post: string) => cells.get(cellKey(date, post)) ?? NONE;

export const isPinned = (month: Month, date: string, post: string, person: string) =>
  holders(month.pins, date, post).includes(person);

/** The month after the changes; a pin goes with its holder. */
export function applied(month: Month, changes: readonly Change[]): Month {
  const next = { people: new Map(month.people), pins: new Map(month.pins) };
  for (const { layer, date, post, added, removed } of changes) {
    put(next[layer], date, post, added, removed);
    if (layer === "people" && removed.length) put(next.pins, date, post, NONE, removed);
  }
  return next;
}

function put(
  cells: Map<string, readonly string[]>,
  date: string,
  post: string,
  added: readonly string[],
  removed: readonly string[],
): void {
  const key = cellKey(date, post);
  const kept = (cells.get(key) ?? NONE).filter((id) => !removed.includes(id) && !added.includes(id));
  const people = [...kept, ...added].sort();
  if (people.length) cells.set(key, people);
  else cells.delete(key);
}

/** The smallest changes that lead from one month to another. */
export function changesBetween(from: Month, to: Month): Change[] {
  return [...layerChanges("people", from, to), ...layerChanges("pins", from, to)];
}

function layerChanges(layer: Layer, from: Month, to: Month): Change[] {
  if (from[layer] === to[layer]) return [];
  const keys = [...new Set([...from[layer].keys(), ...to[layer].keys()])].sort();
  return keys.flatMap((key) => {
    const [before, after] = [from[layer].get(key) ?? NONE, to[layer].get(key) ?? NONE];
    const added = after.filter((id) => !before.includes(id));
    const removed = before.filter((id) => !after.includes(id));
    const [date, post] = splitKey(key);
    return added.length || removed.length ? [{ layer, date, post, added, removed }] : [];
  });
}

/** What was typed here, upon what the others have saved since. */
export function rebased(before: Month, mine: Month, now: Month): Month {
  return applied(now, changesBetween(before, mine));
}

/** The cells as the door takes them: whole lists of those that changed. */
export function editedCells(base: Month, month: Month) {
  const keys = new Set(
    layerChanges("people", base, month).map((change) => cellKey(change.date, change.post)),
  );
  return [...keys].map((key) => {
    const [date, post] = splitKey(key);
    return { date, post, people: [...(month.people.get(key) ?? NONE)] };
  });
}

/** The pins that changed, one by one. */
export function editedPins(base: Month, month: Month) {
  return layerChanges("pins", base, month).flatMap(({ date, post, added, removed }) => [
    ...added.map((person) => ({ date, post, person, pinned: true })),
    ...removed.map((person) => ({ date, post, person, pinned: false })),
  ]);
}
