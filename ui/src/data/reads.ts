import { onScopeDispose, type ShallowRef, shallowRef, watch } from "vue";
import type { DoorError } from "@/generated/door";
import { type Args, type Command, call, type Reply } from "@/platform";

/** A read that stays fresh: it runs again when one of its topics goes stale. */
export interface Read<T> {
  data: ShallowRef<T | null>;
  error: ShallowRef<DoorError | null>;
  /** True from 200 ms after a first load began until it ends: time for a skeleton. */
  slow: ShallowRef<boolean>;
  refresh(): Promise<void>;
}

interface Live {
  topics: () => string[];
  refresh: () => Promise<void>;
}

const live = new Set<Live>();
const waiting = new Set<string>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Whether a read with these topics must run again. */
export function touches(topics: string[], changed: Iterable<string>): boolean {
  for (const topic of changed) if (topic === "*" || topics.includes(topic)) return true;
  return false;
}

/** Marks topics stale; reads run again once, however many marks arrive within 40 ms. */
export function markStale(changed: string[]): void {
  for (const topic of changed) waiting.add(topic);
  if (timer !== null) return;
  timer = setTimeout(() => {
    timer = null;
    const taken = [...waiting];
    waiting.clear();
    for (const read of live) if (touches(read.topics(), taken)) void read.refresh();
  }, 40);
}

/** Registers something that re-reads by itself. */
export function whenStale(topics: () => string[], refresh: () => Promise<void>): void {
  const entry: Live = { topics, refresh };
  live.add(entry);
  onScopeDispose(() => live.delete(entry));
}

/** Reads through the door, now, when `args` change, and when a topic goes stale. Null args: no read. */
export function useRead<C extends Command>(
  command: C,
  args: () => Args<C> | null,
  topics: string[] | (() => string[]),
): Read<Reply<C>> {
  const data = shallowRef<Reply<C> | null>(null) as ShallowRef<Reply<C> | null>;
  const error = shallowRef<DoorError | null>(null);
  const slow = shallowRef(false);
  let turn = 0;

  async function refresh(): Promise<void> {
    const asked = args();
    const mine = ++turn;
    if (asked === null) {
      data.value = null;
      error.value = null;
      return;
    }
    const skeleton = setTimeout(() => {
      if (mine === turn && data.value === null) slow.value = true;
    }, 200);
    try {
      const reply = await call(command, asked);
      if (mine !== turn) return;
      data.value = reply;
      error.value = null;
    } catch (thrown) {
      if (mine === turn) error.value = thrown as DoorError;
    } finally {
      clearTimeout(skeleton);
      if (mine === turn) slow.value = false;
    }
  }

  whenStale(typeof topics === "function" ? topics : () => topics, refresh);
  watch(
    () => JSON.stringify(args()),
    (next, before) => {
      if (before !== undefined && next !== before) data.value = keepable(command) ? data.value : null;
      void refresh();
    },
    { immediate: true },
  );
  return { data, error, slow, refresh };
}

/** Replies that may stay on screen while the same command runs with other arguments. */
function keepable(command: Command): boolean {
  return [
    "order.list",
    "order.level_advice",
    "order.similar",
    "record.day",
    "chart.met_missed",
    "contract.rows",
    "order.bulk_steps",
    "order.knowledge",
    "leave.list",
    "leave.check",
    "roster.get",
    "hotline.list",
    "asset.board",
    "asset.import_preview",
    "stock.part",
    "stock.balance_at",
    "stock.usage",
    "stock.ageing",
    "stock.import_preview",
  ].includes(command);
}

/** Commands that write: their reply names the topics they changed. */
type Write = { [C in Command]: Reply<C> extends { changed: string[] } ? C : never }[Command];

/** Writes through the door and marks what it changed. */
export async function write<C extends Write>(command: C, args: Args<C>): Promise<Reply<C>> {
  const written = await call(command, args);
  markStale(written.changed);
  return written;
}
