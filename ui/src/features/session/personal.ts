import { shallowRef } from "vue";
import type { PersonalSave, SavedViewDto } from "@/generated/door";
import { call } from "@/platform";
import { dropDrafts, takeDrafts } from "./drafts";

/** What the person at this console keeps here: saved views and columns. Drafts stand in `drafts`. */
export const savedViews = shallowRef<SavedViewDto[]>([]);
export const savedColumns = shallowRef<string[]>([]);

let loadedFor: string | null = null;

/** Takes what this person keeps, once per person; null forgets it all. */
export async function loadPersonal(user: string | null): Promise<void> {
  if (user === loadedFor) return;
  if (loadedFor !== null || user === null) dropDrafts();
  loadedFor = null;
  savedViews.value = [];
  savedColumns.value = [];
  if (user === null) return;
  // Refused while a password must be changed first: asked again when that is done.
  const kept = await call("personal.get", {}).catch(() => null);
  if (!kept) return;
  loadedFor = user;
  savedViews.value = kept.views;
  savedColumns.value = kept.columns;
  takeDrafts(kept.drafts);
}

/** Keeps views or columns as a whole. Rejects with a `DoorError`. */
export async function savePersonal(next: PersonalSave): Promise<void> {
  const kept = await call("personal.save", next);
  savedViews.value = kept.views;
  savedColumns.value = kept.columns;
}
