import type { OwedPersonDto } from "@/generated/door";

/** Everybody together, in days. */
export function sumsOf(people: readonly Pick<OwedPersonDto, "earned" | "booked_days" | "left_days">[]) {
  const sum = (of: (each: (typeof people)[number]) => number) =>
    people.reduce((total, each) => total + of(each), 0);
  return {
    earned: sum((each) => each.earned.length),
    booked: sum((each) => each.booked_days),
    left: sum((each) => each.left_days),
  };
}
