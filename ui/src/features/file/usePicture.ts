import { onScopeDispose, shallowRef, watch } from "vue";
import { bytesOf } from "@/data/files";
import type { PictureArgs } from "@/generated/door";
import { call } from "@/platform";

/** A picture of a file as an address the policy of the page allows; null while there is none. */
export function usePicture(args: () => PictureArgs | null) {
  const url = shallowRef<string | null>(null);
  const failed = shallowRef(false);
  let turn = 0;

  function drop() {
    if (url.value) URL.revokeObjectURL(url.value);
    url.value = null;
  }
  watch(
    () => JSON.stringify(args()),
    async () => {
      const mine = ++turn;
      drop();
      failed.value = false;
      const asked = args();
      if (!asked) return;
      try {
        const picture = await call("file.picture", asked);
        if (mine !== turn) return;
        url.value = URL.createObjectURL(new Blob([bytesOf(picture.jpeg)], { type: "image/jpeg" }));
      } catch {
        if (mine === turn) failed.value = true;
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn++;
    drop();
  });
  return { url, failed };
}
