import { nextTick, type Ref, ref, shallowRef } from "vue";
import type { DoorError } from "@/generated/door";
import { useWindow } from "@/keys/useWindow";
import { toast } from "@/widgets/toasts";

/** Asks the door for what is printed, as printing is kept in the audit, and shows it out of sight while the dialog is open. */
export function usePrinting<T>(make: () => Promise<T>): {
  printing: Ref<T | null>;
  busy: Ref<boolean>;
  print: () => Promise<void>;
} {
  const printing = shallowRef<T | null>(null);
  const busy = ref(false);

  async function print() {
    if (busy.value) return;
    busy.value = true;
    try {
      printing.value = await make();
      await nextTick();
      window.print();
    } catch (thrown) {
      toast((thrown as DoorError).message, { tone: "notice" });
    } finally {
      busy.value = false;
    }
  }
  useWindow("afterprint", () => {
    printing.value = null;
  });
  return { printing, busy, print };
}
