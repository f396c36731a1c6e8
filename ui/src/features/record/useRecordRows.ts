import { computed, nextTick, reactive, ref, watch } from "vue";
import { keepDraft, keptDraft } from "@/features/session/drafts";
import { emptyRow, type GridRow, isBlank } from "./recordForm";

const DRAFT = "record";

/** The lines being written: there is always one, and what is typed outlives the page. */
export function useRecordRows() {
  const kept = keptDraft<Partial<GridRow>[]>(DRAFT) ?? [];
  const rows = reactive<GridRow[]>(
    kept.map((row) => {
      const fresh = emptyRow();
      return { ...fresh, ...row, id: fresh.id };
    }),
  );
  if (rows.length === 0) rows.push(emptyRow());
  /** The line under the cursor, by id. */
  const at = ref(rows[0]?.id ?? 0);
  watch(rows, (now) => keepDraft(DRAFT, storable(now)), { deep: true });

  const current = computed(() => rows.find((row) => row.id === at.value) ?? rows[0]);
  const ticked = computed(() => rows.filter((row) => row.ticked && !isBlank(row)));

  async function focus(id: number, field = "object") {
    at.value = id;
    await nextTick();
    document.getElementById(`rec-${id}-${field}`)?.focus();
  }
  const focusLast = () => focus(rows[rows.length - 1]?.id ?? 0);
  function change(id: number, typed: Partial<GridRow>) {
    const row = rows.find((each) => each.id === id);
    if (row) Object.assign(row, typed);
  }
  function remove(id: number) {
    const index = rows.findIndex((row) => row.id === id);
    rows.splice(index, 1);
    if (rows.length === 0) rows.push(emptyRow());
    void focus(rows[Math.min(index, rows.length - 1)]?.id ?? 0);
  }
  /** On to the line below, or to a new one. */
  function next(id: number) {
    const index = rows.findIndex((row) => row.id === id);
    const after = rows[index + 1];
    if (after) return void focus(after.id, "category");
    const row = emptyRow(rows[index]);
    rows.push(row);
    void focus(row.id, row.object ? "category" : "object");
  }
  /** Adds lines, in place of a blank one where `instead` is one. */
  function put(added: GridRow[], instead?: number) {
    const index = rows.findIndex((row) => row.id === instead && isBlank(row));
    if (index >= 0) rows.splice(index, 1, ...added);
    else rows.push(...added);
  }
  /** These are written: the others stay. */
  function settle(written: GridRow[]) {
    const left = rows.filter((row) => !written.includes(row) && !isBlank(row));
    rows.splice(0, rows.length, ...(left.length ? left : [emptyRow()]));
    void focus(rows[0]?.id ?? 0);
  }
  return { rows, at, current, ticked, focus, focusLast, change, remove, next, put, settle };
}

function storable(rows: GridRow[]): string {
  const worth = rows.filter((row) => !isBlank(row));
  return worth.length ? JSON.stringify(worth) : "";
}
