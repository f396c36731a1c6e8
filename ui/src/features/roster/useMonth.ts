import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { newKey } from "@/data/idempotency";
import { useRead, write } from "@/data/reads";
import { user } from "@/features/session/session";
import type { CellEdit, DoorError, RosterChecked } from "@/generated/door";
import { call } from "@/platform";
import { toast } from "@/widgets/toasts";
import { type Change, changesBetween, editedCells, editedPins, holders, type Month, rebased } from "./cells";
import { groundOf, monthOf } from "./ground";
import { EMPTY, edited, type History, redo, undo } from "./undo";

/** Edits that are not saved outlive a visit to another page, as long as the program runs. */
const kept = new Map<string, { base: Month; month: Month; history: History }>();
const CHECK_PAUSE_MS = 250;
const NOTHING: Month = { people: new Map(), pins: new Map() };

/** A month as it is saved and as it is being edited: what the whole page works on. */
export function useMonth(month: () => string | null) {
  const read = useRead("roster.get", () => {
    const asked = month();
    return asked ? { month: asked } : null;
  }, ["roster", "leave", "staff", "people"]);
  const view = computed(() => (read.data.value?.month === month() ? read.data.value : null));
  const ground = computed(() => (view.value ? groundOf(view.value) : null));
  const base = shallowRef<Month>(NOTHING);
  const now = shallowRef<Month>(NOTHING);
  const history = shallowRef<History>(EMPTY);
  const checked = shallowRef<RosterChecked | null>(null);
  const saving = ref(false);
  let shown: string | null = null;
  let key = newKey();

  const place = (of: string) => `${user.value?.id}/${of}`;
  watch(
    view,
    (next) => {
      if (!next) return;
      const saved = monthOf(next);
      const earlier =
        shown === next.month
          ? { base: base.value, month: now.value, history: history.value }
          : kept.get(place(next.month));
      now.value = earlier ? rebased(earlier.base, earlier.month, saved) : saved;
      history.value = earlier?.history ?? EMPTY;
      base.value = saved;
      shown = next.month;
    },
    { immediate: true },
  );
  const unsaved = computed(() => changesBetween(base.value, now.value).length);
  watch([now, history], () => {
    key = newKey();
    if (shown) kept.set(place(shown), { base: base.value, month: now.value, history: history.value });
  });

  function edit(changes: readonly Change[]) {
    ({ month: now.value, history: history.value } = edited(
      { month: now.value, history: history.value },
      changes,
    ));
  }
  function back(step: typeof undo): boolean {
    const next = step({ month: now.value, history: history.value });
    const moved = next.history !== history.value;
    ({ month: now.value, history: history.value } = next);
    return moved;
  }

  /** The unsaved cells, with who stood there when they were edited. */
  const cells = computed<CellEdit[]>(() =>
    editedCells(base.value, now.value).map((cell) => ({
      ...cell,
      was: [...holders(base.value.people, cell.date, cell.post)],
    })),
  );

  // What the rules say to edits that are not saved; the reply to an older question is dropped.
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  watch(
    [cells, view],
    () => {
      clearTimeout(timer);
      const mine = ++turn;
      if (!view.value || cells.value.length === 0) {
        checked.value = null;
        return;
      }
      const asked = { month: view.value.month, cells: cells.value };
      timer = setTimeout(async () => {
        const reply = await call("roster.check", asked).catch(() => null);
        if (mine === turn) checked.value = reply;
      }, CHECK_PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));

  async function save(note = ""): Promise<boolean> {
    if (!view.value || saving.value || unsaved.value === 0) return false;
    saving.value = true;
    try {
      const written = await write("roster.edit", {
        month: view.value.month,
        cells: cells.value,
        pins: editedPins(base.value, now.value),
        note,
        idempotency_key: key,
      });
      await read.refresh();
      toast(written.message);
      return true;
    } catch (thrown) {
      toast((thrown as DoorError).message, { tone: "notice" });
      return false;
    } finally {
      saving.value = false;
    }
  }
  function discard() {
    now.value = base.value;
    history.value = EMPTY;
  }

  return {
    read,
    view,
    ground,
    base,
    month: now,
    cells,
    unsaved,
    saving,
    problems: computed(() => checked.value?.problems ?? view.value?.problems ?? []),
    cost: computed(() => checked.value?.cost ?? view.value?.cost ?? null),
    load: computed(() => checked.value?.load ?? null),
    canUndo: computed(() => history.value.done.length > 0),
    canRedo: computed(() => history.value.undone.length > 0),
    edit,
    undo: () => back(undo),
    redo: () => back(redo),
    save,
    discard,
  };
}

export type MonthState = ReturnType<typeof useMonth>;
