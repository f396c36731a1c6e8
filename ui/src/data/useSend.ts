import { ref, shallowRef } from "vue";
import type { DoorError, ExportedFile } from "@/generated/door";
import { toast } from "@/widgets/toasts";
import { saveFile } from "./files";

/** What is told when a thing is done. */
interface Told {
  message: string;
  detail?: string;
}

/** Sends one thing at a time through the door and says what came of it. */
export function useSend() {
  const busy = ref(false);
  const error = shallowRef<DoorError | null>(null);

  /** For a form that shows a refusal beside its fields. True when it is done and told. */
  async function send(run: () => Promise<Told>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = null;
    try {
      const { message, detail } = await run();
      toast(message, detail ? { detail } : {});
      return true;
    } catch (thrown) {
      error.value = thrown as DoorError;
      return false;
    } finally {
      busy.value = false;
    }
  }
  /** For a button without a form: a refusal is told in the corner. */
  async function act(run: () => Promise<Told>): Promise<boolean> {
    if (busy.value) return false;
    const done = await send(run);
    if (error.value) toast(error.value.message, { tone: "notice" });
    return done;
  }
  /** Hands over a file the door makes. */
  const take = (make: () => Promise<ExportedFile>): Promise<boolean> =>
    act(async () => {
      const file = await make();
      saveFile(file);
      return { message: file.message, detail: file.name };
    });

  /** The refusal of a field. */
  const errorAt = (field: string): string | null =>
    error.value?.field === field ? error.value.message : null;
  /** The refusal that no field of the form can show. */
  const errorBeside = (fields: readonly string[]): string | null =>
    error.value && !fields.includes(error.value.field ?? "") ? error.value.message : null;

  return { busy, error, send, act, take, errorAt, errorBeside };
}
