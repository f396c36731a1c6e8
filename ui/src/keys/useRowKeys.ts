import { type Ref, ref } from "vue";
import { moved } from "./moves";
import { useKeys } from "./useKeys";

/**
 * J, K and the arrows walk over the elements marked `data-row` within `root`. Returns the mark of the
 * row under the cursor, so that a list re-drawn keeps its place.
 */
export function useRowKeys(root: Ref<HTMLElement | null>): Ref<string | null> {
  const at = ref<string | null>(null);

  function move(by: number): unknown {
    const rows = [...(root.value?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    const from = focused >= 0 ? focused : rows.findIndex((row) => row.dataset.row === at.value);
    const next = rows[moved(from, by, rows.length)];
    if (!next) return false;
    at.value = next.dataset.row ?? null;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  useKeys(() => ({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
  }));
  return at;
}
