import { computed, shallowRef, watch } from "vue";
import { keepDraft, keptDraft } from "@/features/session/drafts";
import { changesOf, type Draft } from "./draft";

/** The unpublished changes to a contract's settings: kept like any text not sent yet when the page is left. */
export function useSettingDraft(contract: () => string) {
  const current = shallowRef<Draft | null>(null);
  const key = (id: string) => `setting:${id}`;
  watch(
    contract,
    () => {
      current.value = keptDraft<Draft>(key(contract()));
    },
    { immediate: true },
  );
  const changes = computed(() => (current.value ? changesOf(current.value) : []));
  const count = computed(() => changes.value.length);

  /** Null drops it. A draft of a contract no longer shown is kept for when it is. */
  function set(next: Draft | null): void {
    const id = next?.contract ?? contract();
    if (id === contract()) current.value = next;
    const worth = next !== null && (changesOf(next).length > 0 || next.open !== null);
    keepDraft(key(id), worth ? JSON.stringify(next) : "");
  }
  return { current, changes, count, set };
}

export type SettingDraftState = ReturnType<typeof useSettingDraft>;
