import { shallowReactive, shallowRef, watch } from "vue";
import { noteNow } from "@/data/now";
import { whenStale } from "@/data/reads";
import type { DoorError, OrderRow } from "@/generated/door";
import { call } from "@/platform";
import { listArgs, type OrderFilter } from "./listArgs";
import { PAGE, pagesFor } from "./window";

/** A long order list, read page by page as it is looked at. */
export function useOrderWindow(filter: () => OrderFilter) {
  const pages = shallowReactive(new Map<number, OrderRow[]>());
  const total = shallowRef<number | null>(null);
  const error = shallowRef<DoorError | null>(null);
  const slow = shallowRef(false);
  const asked = new Set<number>();
  let turn = 0;
  let seen = { first: 0, last: 0 };

  async function load(page: number): Promise<void> {
    const mine = turn;
    asked.add(page);
    const skeleton = setTimeout(() => {
      if (mine === turn && total.value === null) slow.value = true;
    }, 200);
    try {
      const reply = await call("order.list", listArgs(filter(), page * PAGE, PAGE));
      if (mine !== turn) return;
      noteNow(reply.now);
      pages.set(page, reply.rows);
      total.value = reply.total;
      error.value = null;
    } catch (thrown) {
      asked.delete(page);
      if (mine === turn) error.value = thrown as DoorError;
    } finally {
      clearTimeout(skeleton);
      if (mine === turn) slow.value = false;
    }
  }

  /** Makes sure that the rows in sight are on their way. */
  function need(first: number, last: number): void {
    seen = { first, last };
    for (const page of pagesFor(first, last, total.value)) if (!asked.has(page)) void load(page);
  }

  /** Reads what is in sight again; rows out of sight are forgotten. The old rows stay until then. */
  async function refresh(): Promise<void> {
    turn++;
    asked.clear();
    const wanted = pagesFor(seen.first, seen.last, total.value);
    await Promise.all(wanted.map(load));
    for (const page of [...pages.keys()]) if (!asked.has(page)) pages.delete(page);
  }

  function rowAt(index: number): OrderRow | null {
    return pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  }

  function indexOf(id: string): number {
    for (const [page, rows] of pages) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  watch(
    () => JSON.stringify(filter()),
    () => {
      seen = { first: 0, last: PAGE - 1 };
      void refresh();
    },
    { immediate: true },
  );
  whenStale(() => ["orders"], refresh);
  return { total, error, slow, need, refresh, rowAt, indexOf };
}
