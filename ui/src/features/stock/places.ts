/** The tree of places. */

import type { StockPlaceDto } from "@/generated/door";

/** A place and all that lies in it. */
export function within(places: readonly StockPlaceDto[], id: string): Set<string> {
  const inside = new Set([id]);
  // Each place stands after the one it lies in.
  for (const place of places) if (place.parent && inside.has(place.parent)) inside.add(place.id);
  return inside;
}

/** Places another may lie in: not itself, nor what lies in it. */
export function parentChoices(
  places: readonly StockPlaceDto[],
  own: string | null,
): { value: string; label: string }[] {
  const inside = own ? within(places, own) : new Set<string>();
  const free = places.filter((place) => !place.closed && !inside.has(place.id));
  return [{ value: "", label: "最上层" }, ...free.map((place) => ({ value: place.id, label: place.path }))];
}
