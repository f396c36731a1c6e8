import type { TodayDto } from "@/generated/door";

type Queues = Pick<TodayDto, "waiting" | "mine"> & { counts: Pick<TodayDto["counts"], "waiting"> };

/**
 * What is asked of me beyond the part of my queue in sight (`shown` rows of it): the rows, how many there
 * are in all, and how many stand marked in the queue instead.
 */
export function besideQueue(today: Queues | null, shown: number) {
  if (!today) return { rows: [], total: 0, marked: 0 };
  const queue = today.mine.slice(0, shown);
  const inQueue = new Set(queue.map((row) => row.id));
  const marked = queue.filter((row) => row.waits.length > 0).length;
  const rows = today.waiting.filter((row) => !inQueue.has(row.id)).slice(0, shown);
  return { rows, total: Math.max(rows.length, today.counts.waiting - marked), marked };
}
