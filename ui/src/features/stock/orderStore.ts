import type { StoreDto } from "@/generated/door";

/** The store that serves a division: one that names it, else one for all; null: none here. */
export function divisionFits(stores: readonly StoreDto[], division: string): StoreDto | null {
  return (
    stores.find((store) => store.divisions.includes(division)) ??
    stores.find((store) => store.divisions.length === 0) ??
    null
  );
}
