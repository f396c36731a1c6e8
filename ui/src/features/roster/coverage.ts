import type { Month } from "./cells";
import { holders } from "./cells";
import type { Ground } from "./ground";

/** How well a day is covered by the cells as they are edited. */
export interface DayCoverage {
  date: string;
  state: "full" | "thin" | "empty" | "none";
  /** Posts with fewer people than they need. */
  gaps: { post: string; missing: number }[];
}

export function coverageOf(ground: Ground, month: Month): DayCoverage[] {
  return ground.days.map(({ date }) => {
    const needed = ground.needed.get(date) ?? [];
    const gaps = needed.flatMap((post) => {
      const missing = post.count - presentAt(ground, month, date, post.id);
      return missing > 0 ? [{ post: post.id, missing, empty: missing === post.count }] : [];
    });
    const state =
      needed.length === 0 ? "none" : gaps.some((gap) => gap.empty) ? "empty" : gaps.length ? "thin" : "full";
    return { date, state, gaps: gaps.map(({ post, missing }) => ({ post, missing })) };
  });
}

/** Holders who are not on leave that is granted. */
function presentAt(ground: Ground, month: Month, date: string, post: string): number {
  return holders(month.people, date, post).filter((id) => {
    const leave = ground.leave.get(`${date}/${id}`);
    return !leave || leave.asked;
  }).length;
}

export const missingIn = (day: DayCoverage) => day.gaps.reduce((sum, gap) => sum + gap.missing, 0);

/** Shifts of each person this month, standby counted half: for the bar beside the name. */
export function shiftsOf(ground: Ground, month: Month): Map<string, number> {
  const sums = new Map<string, number>(ground.people.map((person) => [person.id, 0]));
  for (const post of ground.posts)
    for (const { date } of ground.days)
      for (const id of holders(month.people, date, post.id))
        sums.set(id, (sums.get(id) ?? 0) + (post.standby ? 0.5 : 1));
  return sums;
}
