import type { DayCount } from "@/generated/door";

/** Counts worth a place: those that are not nothing. */
export function besides(counts: DayCount[]): DayCount[] {
  return counts.filter((each) => each.count > 0);
}

/** A key that stays the same for one drafted entry, so that taking it over twice has one effect. */
export function draftKey(date: string, key: string): string {
  return `${date}-${key}`.slice(0, 128);
}
