import { shallowReactive, shallowRef, watch } from "vue";
import type { DoorError } from "@/generated/door";
import { PAGE, pagesFor } from "./pages";
import { whenStale } from "./reads";

/** One page of a long list, and how long the list is. */
export interface Paged<T> {
  total: number;
  rows: T[];
}

/**
 * A long list, read page by page as it is looked at. It begins anew when `asked` changes; null there: nothing
 * is read.
 */
export function usePages<T extends { id: string }>(
  asked: () => unknown,
  read: (offset: number, limit: number) => Promise<Paged<T>>,
  topics: () => string[],
) {
  const pages = shallowReactive(new Map<number, T[]>());
  const total = shallowRef<number | null>(null);
  const error = shallowRef<DoorError | null>(null);
  const slow = shallowRef(false);
  const wanted = new Set<number>();
  let turn = 0;
  let seen = { first: 0, last: 0 };

  async function load(page: number): Promise<void> {
    const mine = turn;
    wanted.add(page);
    const skeleton = setTimeout(() => {
      if (mine === turn && total.value === null) slow.value = true;
    }, 200);
    try {
      const reply = await read(page * PAGE, PAGE);
      if (mine !== turn) return;
      pages.set(page, reply.rows);
      total.value = reply.total;
      error.value = null;
    } catch (thrown) {
      wanted.delete(page);
      if (mine === turn) error.value = thrown as DoorError;
    } finally {
      clearTimeout(skeleton);
      if (mine === turn) slow.value = false;
    }
  }

  /** Makes sure that the rows in sight are on their way. */
  function need(first: number, last: number): void {
    seen = { first, last };
    for (const page of pagesFor(first, last, total.value)) if (!wanted.has(page)) void load(page);
  }

  /** Reads what is in sight again; rows out of sight are forgotten. The old rows stay until then. */
  async function refresh(): Promise<void> {
    turn++;
    wanted.clear();
    if (asked() === null) return;
    await Promise.all(pagesFor(seen.first, seen.last, total.value).map(load));
    for (const page of [...pages.keys()]) if (!wanted.has(page)) pages.delete(page);
  }

  const rowAt = (index: number): T | null => pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;

  function indexOf(id: string): number {
    for (const [page, rows] of pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  watch(
    () => JSON.stringify(asked()),
    () => {
      seen = { first: 0, last: PAGE - 1 };
      void refresh();
    },
    { immediate: true },
  );
  whenStale(topics, refresh);
  return { total, error, slow, need, refresh, rowAt, indexOf };
}
